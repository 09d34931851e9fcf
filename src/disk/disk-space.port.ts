/** How much room a file system has. */
export interface DiskSpace {
  /** @returns bytes that this process may still write where DATA_DIR lies @throws the system's error */
  freeBytes(): Promise<number>;
}
export const DISK_SPACE = Symbol('DiskSpace');
