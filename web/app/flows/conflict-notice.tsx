import { useEffect, useState } from 'react';
import type { FlowText } from '#engine/cli/desk.ts';
import { TextNotice } from './text-notice.tsx';
import type { Draft } from './use-draft.ts';

/** What the file holds now, asked once its hash is not the one the draft began with. */
function useDisk(flow: FlowText, draft: Draft): FlowText | null {
  const [disk, setDisk] = useState<FlowText | null>(null);
  const { diskSha } = draft.check;
  const isSame = diskSha === null || diskSha === draft.base.sha;
  useEffect(() => {
    if (isSame) {
      setDisk(null);
      return;
    }
    let isCurrent = true;
    void fetch(`/api/flows?id=${encodeURIComponent(flow.id)}`)
      .then((response) => response.json() as Promise<FlowText>)
      .then((read) => isCurrent && setDisk(read))
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [flow.id, isSame, diskSha]);
  return disk && disk.sha !== draft.base.sha ? disk : null;
}

/**
 * Says that the file was changed by somebody else while it was edited here. It stands beside the text and takes nothing
 * away: the draft stays until its writer decides.
 */
export function ConflictNotice({
  flow,
  draft,
  take,
}: {
  readonly flow: FlowText;
  readonly draft: Draft;
  /** Puts a text into the editor; one step back undoes it. */
  readonly take: (text: string) => void;
}) {
  const disk = useDisk(flow, draft);
  if (!disk) return null;
  const says = (
    <>
      <strong>{flow.file} was changed on disk</strong> since this draft began. Your draft is kept;
      nothing was overwritten.
    </>
  );
  return (
    <TextNotice testId="conflict" says={says} before={disk.text} after={draft.text}>
      <button
        type="button"
        onClick={() => {
          take(disk.text);
          draft.rebase({ text: disk.text, sha: disk.sha });
        }}
      >
        Take the file (undo brings the draft back)
      </button>
      <button type="button" onClick={() => draft.rebase({ text: disk.text, sha: disk.sha })}>
        Keep the draft, on top of the file
      </button>
    </TextNotice>
  );
}
