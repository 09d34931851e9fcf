import { Paperclip } from 'lucide-react';
import { type ReactNode, type Ref, useRef } from 'react';
import { Button } from '../../../components/ui/button';

interface ChooseFilesProps {
  ref?: Ref<HTMLButtonElement>;
  look: 'quiet' | 'ink';
  children: ReactNode;
  onFiles: (files: File[]) => void;
}

/** Opens the browser's own dialog. Choosing the same file again counts, too. */
export function ChooseFiles({ ref, look, children, onFiles }: ChooseFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = '';
        }}
      />
      <Button
        ref={ref}
        look={look}
        icon={<Paperclip size={18} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {children}
      </Button>
    </>
  );
}
