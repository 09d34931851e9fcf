import { type ComponentProps, type RefObject, useLayoutEffect, useRef } from 'react';
import { placeField } from '../../../lib/early-field';

/** By their names in React; absent ones are left out. `onPaste` and the like belong to {@link SecretText} itself. */
type Attributes = Pick<ComponentProps<'textarea'>, 'id' | 'className' | 'rows' | 'placeholder' | 'readOnly'> &
  Readonly<Record<`aria-${string}` | `data-${string}`, string | true | undefined>>;

interface SecretTextProps {
  ref: RefObject<HTMLTextAreaElement | null>;
  text: string;
  attributes: Attributes;
  onText: (text: string) => void;
  onPaste: (event: ClipboardEvent, field: HTMLTextAreaElement) => void;
}

/** Spell checking is off because some browsers send the text away for it. */
const ALWAYS = {
  autoComplete: 'off',
  autoCapitalize: 'off',
  autoCorrect: 'off',
  spellCheck: 'false',
} as const;

const htmlName = (name: string): string => (name === 'className' ? 'class' : name.toLowerCase());

function setAttributes(field: HTMLTextAreaElement, attributes: Attributes): void {
  for (const [name, value] of Object.entries({ ...ALWAYS, ...attributes })) {
    if (value === undefined || value === false) field.removeAttribute(htmlName(name));
    else field.setAttribute(htmlName(name), value === true ? '' : String(value));
  }
}

/**
 * The text area of a secret. React does not own the element, because it may be the one of the first paint, in
 * which the sender already writes (ADR 0041).
 */
export function SecretText({ ref, text, attributes, onText, onPaste }: SecretTextProps) {
  const place = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const isFirst = ref.current === null;
    if (isFirst && place.current) ref.current = placeField(place.current);
    const field = ref.current;
    if (!field) return;
    setAttributes(field, attributes);
    if (field.value === text) return;
    if (isFirst && text === '') onText(field.value);
    else field.value = text;
  });

  // The first paint is rendered without a document, and nothing runs after it.
  if (typeof document === 'undefined')
    return (
      <div>
        <textarea {...ALWAYS} {...attributes} defaultValue={text} />
      </div>
    );
  return (
    <div
      ref={place}
      onInput={({ target }) => target instanceof HTMLTextAreaElement && onText(target.value)}
      onPaste={({ nativeEvent, target }) =>
        target instanceof HTMLTextAreaElement && onPaste(nativeEvent, target)
      }
    />
  );
}
