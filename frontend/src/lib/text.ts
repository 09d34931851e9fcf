/** Characters that a reader cannot see but a password check will: controls, joiners, direction marks. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Whether retyping the text from the screen would give something else. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text);
