-- What happened, for whoever asks later. No person stands in it: neither a name nor a number of one.

CREATE TABLE event (
    boot     TEXT NOT NULL,         -- which run of which program
    seq      INTEGER NOT NULL,      -- counts from 1 in each run
    wall_s   REAL NOT NULL,         -- seconds since 1970
    severity TEXT NOT NULL,
    session  TEXT,
    device   TEXT,
    t_s      REAL NOT NULL,         -- seconds of session time
    name     TEXT NOT NULL,
    detail   TEXT NOT NULL,
    PRIMARY KEY (boot, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_by_time ON event (wall_s);
CREATE INDEX event_by_session ON event (session);

CREATE TABLE session (
    id        TEXT PRIMARY KEY,
    boot      TEXT NOT NULL,
    started_s REAL NOT NULL,        -- seconds since 1970
    ended_s   REAL NOT NULL,
    origin    TEXT NOT NULL,        -- local or remote
    profile   TEXT NOT NULL,
    devices   TEXT NOT NULL,        -- JSON: ids
    reason    TEXT NOT NULL,
    summary   TEXT NOT NULL         -- JSON, as docs/events.md has it
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_time ON session (started_s);
