/** Free space of a file system. */
export interface DiskSpace {
  /**
   * @returns bytes that this process may still write to the file system of DATA_DIR @throws the system's
   * error
   */
  freeBytes(): Promise<number>;
}
export const DISK_SPACE = Symbol('DiskSpace');
