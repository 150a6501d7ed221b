-- A third kind of repair: 'rebuild' forgets what was heard on a topic and asks its owners to tell their state again.
ALTER TABLE repairs DROP CONSTRAINT repairs_kind_check;
ALTER TABLE repairs ADD CONSTRAINT repairs_kind_check CHECK (kind IN ('replay', 'resync', 'rebuild'));
