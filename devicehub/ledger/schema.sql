-- The ledger's tables. clock_s is the ledger's own time: seconds that have surely passed since it
-- was made. Everything ages by it; no row keeps a time of day but the answers.

CREATE TABLE anchor (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    clock_s REAL NOT NULL CHECK (clock_s >= 0 AND clock_s < 1e12),
    wall_s  REAL NOT NULL,
    boot_s  REAL NOT NULL,
    boot_id TEXT NOT NULL,
    lost_s  REAL                    -- clock_s at which a lost ledger was replaced by this one
) STRICT;

CREATE TABLE body (
    id          INTEGER PRIMARY KEY,
    forgotten_s REAL                -- clock_s at which its person was forgotten
) STRICT;

CREATE TABLE person (
    body             INTEGER PRIMARY KEY REFERENCES body (id),
    name             TEXT NOT NULL,
    folded           TEXT NOT NULL UNIQUE,
    ceiling          REAL NOT NULL CHECK (ceiling > 0 AND ceiling <= 1),
    language         TEXT,
    own_limits       TEXT,          -- their table, which only tightens, as it was given
    added_s          REAL NOT NULL,
    answers          TEXT,          -- JSON: id of a question, answer
    answered_wall_s  REAL,
    answered_boot_s  REAL,
    answered_boot_id TEXT
) STRICT;

CREATE TABLE session (
    id      INTEGER PRIMARY KEY,
    body    INTEGER NOT NULL REFERENCES body (id) ON DELETE CASCADE,
    begun_s REAL NOT NULL,
    last_s  REAL NOT NULL,          -- its end; while it is open, the end of what is reserved
    ended   INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1))
) STRICT;

CREATE TABLE received (             -- what a session has used, a minute of the ledger's time a row
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    minute  INTEGER NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('zone', 'class', 'active', 'heat')),
    name    TEXT NOT NULL,
    side    TEXT NOT NULL,
    seconds REAL NOT NULL CHECK (seconds >= 0 AND seconds < 1e9),
    dose    REAL NOT NULL CHECK (dose >= 0 AND dose < 1e9),
    last_s  REAL NOT NULL,
    PRIMARY KEY (session, minute, kind, name, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE reserved (             -- what a session that is open may use next
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL CHECK (kind IN ('zone', 'class', 'active', 'heat')),
    name    TEXT NOT NULL,
    side    TEXT NOT NULL,
    seconds REAL NOT NULL CHECK (seconds >= 0 AND seconds < 1e9),
    dose    REAL NOT NULL CHECK (dose >= 0 AND dose < 1e9),
    last_s  REAL NOT NULL,
    PRIMARY KEY (session, kind, name, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE report (               -- of discomfort
    id           INTEGER PRIMARY KEY,
    body         INTEGER NOT NULL REFERENCES body (id) ON DELETE CASCADE,
    session      INTEGER,
    severe       INTEGER NOT NULL CHECK (severe IN (0, 1)),
    said_s       REAL NOT NULL,
    acknowledged INTEGER NOT NULL DEFAULT 0 CHECK (acknowledged IN (0, 1))
) STRICT;
