import { useTable } from '../client/use-live.tsx';
import { Panel, TableRows } from '../components/panel.tsx';

export default function CommandCenter() {
  const prior = useTable('prior-profile/1');
  return (
    <>
      <h1>Command center</h1>
      <Panel id="prior" title="Prior session">
        <TableRows table={prior} plugin="volume-profile" empty="no session was completed yet">
          {([row]) => <pre>{JSON.stringify(row, null, 1)}</pre>}
        </TableRows>
      </Panel>
    </>
  );
}
