const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether the text is a whole UUID v4, so not a link that lost its end. */
export const isUuid = (text: string): boolean => UUID.test(text);
