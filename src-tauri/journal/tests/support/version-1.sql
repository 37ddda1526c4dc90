-- A journal as version 1 of its form wrote it: a PIN, a paid sale, a paid recharge, a lost sale. Its key is 64 zeros.
BEGIN TRANSACTION;
CREATE TABLE charges (
        seq       INTEGER PRIMARY KEY,
        id        TEXT NOT NULL UNIQUE,
        bill_key  TEXT NOT NULL,
        bill      TEXT NOT NULL,
        fen       INTEGER NOT NULL,
        business  INTEGER NOT NULL,
        operator  TEXT NOT NULL,
        card      TEXT,
        wallet    TEXT NOT NULL,
        code      TEXT NOT NULL,
        state     TEXT NOT NULL,
        autoid    TEXT,
        sent_at   TEXT NOT NULL,
        sent_on   TEXT NOT NULL,
        moved_at  TEXT NOT NULL,
        open      INTEGER NOT NULL,
        pending   INTEGER NOT NULL
    ) STRICT;
INSERT INTO "charges" VALUES(2,'01J00000000000000000000001','T1','T1',26001,1,'1001',NULL,'微信','13…6789','paid','A1','2026-06-01T09:01:00.120+08:00','2026-06-01','2026-06-01T09:01:05.120+08:00',0,0);
INSERT INTO "charges" VALUES(5,'01J00000000000000000000002','R2','R2',5000,7,'1001','C100','微信','13…6789','paid','A2','2026-06-01T09:02:00.120+08:00','2026-06-01','2026-06-01T09:02:05.120+08:00',1,0);
INSERT INTO "charges" VALUES(8,'01J00000000000000000000003','T3','T3',26003,1,'1001',NULL,'微信','13…6789','checking',NULL,'2026-06-01T09:03:00.120+08:00','2026-06-01','2026-06-01T09:03:05.120+08:00',1,1);
CREATE TABLE fingerprints (
        fingerprint TEXT PRIMARY KEY,
        charge      TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "fingerprints" VALUES('0000000000000000000000000000000000000000000000000000abcdef000001','01J00000000000000000000001');
INSERT INTO "fingerprints" VALUES('0000000000000000000000000000000000000000000000000000abcdef000002','01J00000000000000000000002');
INSERT INTO "fingerprints" VALUES('0000000000000000000000000000000000000000000000000000abcdef000003','01J00000000000000000000003');
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('models','0.1.0 models 1');
INSERT INTO "meta" VALUES('secret-check','7b17225eed465d6bbb27d3de2adffbe0002713ce03b0aac5c3f361415ee1152a');
INSERT INTO "meta" VALUES('verified','0 0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE records (
        seq    INTEGER PRIMARY KEY,
        body   TEXT NOT NULL,
        hash   BLOB NOT NULL,
        at     TEXT GENERATED ALWAYS AS (json_extract(body, '$.at')) VIRTUAL,
        charge TEXT GENERATED ALWAYS AS (json_extract(body, '$.subject.charge')) VIRTUAL,
        event  TEXT GENERATED ALWAYS AS (json_extract(body, '$.event')) VIRTUAL
    ) STRICT;
INSERT INTO "records" VALUES(1,'{"at":"2026-06-01T09:00:00.120+08:00","subject":"till","event":"pin-set","name":"王主管","hash":"argon2id$00$00","by":""}',X'E3772CD20957C61AB04AE2DB9F5ECD8EE0036872BA4413A9A9EB2ED163B3D196');
INSERT INTO "records" VALUES(2,'{"at":"2026-06-01T09:01:00.120+08:00","subject":{"charge":"01J00000000000000000000001"},"event":"intent","bill":"T1","amount":"260.01","business":1,"operator":"1001","wallet":"微信","code":"13…6789","fingerprint":"0000000000000000000000000000000000000000000000000000abcdef000001"}',X'DB371B05ADF42CDA4D1A581ECB107F97077CB1EA59171307AAAB06A57FF33E2F');
INSERT INTO "records" VALUES(3,'{"at":"2026-06-01T09:01:05.120+08:00","subject":{"charge":"01J00000000000000000000001"},"event":"receipt","autoid":"A1"}',X'E3829AA333B4A730AB3E2146490B8E9C563DC88C45CD8BD3F3C9BA91A678285A');
INSERT INTO "records" VALUES(4,'{"at":"2026-06-01T09:01:05.120+08:00","subject":{"charge":"01J00000000000000000000001"},"event":"moved","to":"paid","why":{"why":"paid-at-once"},"text":"支付成功"}',X'C4255886EB200A4A64D6F9DA53ED9B455160B8ADD4AD7F276FD1CDB60C28A156');
INSERT INTO "records" VALUES(5,'{"at":"2026-06-01T09:02:00.120+08:00","subject":{"charge":"01J00000000000000000000002"},"event":"intent","bill":"R2","amount":"50.00","business":7,"operator":"1001","card":"C100","wallet":"微信","code":"13…6789","fingerprint":"0000000000000000000000000000000000000000000000000000abcdef000002"}',X'2B9302C47636C28DE1C2F8B04CBA4E97678AA16A72F46DE2F44878F5419EE0BB');
INSERT INTO "records" VALUES(6,'{"at":"2026-06-01T09:02:05.120+08:00","subject":{"charge":"01J00000000000000000000002"},"event":"receipt","autoid":"A2"}',X'1B039B3FBB5B6712A7BB72E5A01914B5EF9ADF0FAA9E8CD9B92EB83BE2ACF75B');
INSERT INTO "records" VALUES(7,'{"at":"2026-06-01T09:02:05.120+08:00","subject":{"charge":"01J00000000000000000000002"},"event":"moved","to":"paid","why":{"why":"paid-at-once"},"text":"支付成功"}',X'88448C6EAD887F58DC3576E19530CA94FF0B4E9A4E5AB9B5C7F36B9D0814D576');
INSERT INTO "records" VALUES(8,'{"at":"2026-06-01T09:03:00.120+08:00","subject":{"charge":"01J00000000000000000000003"},"event":"intent","bill":"T3","amount":"260.03","business":1,"operator":"1001","wallet":"微信","code":"13…6789","fingerprint":"0000000000000000000000000000000000000000000000000000abcdef000003"}',X'4CD6B54AA3AE858D2C5DF61D3FD84A8E715F42D13E67B72E7DF0BEA00D5AC109');
INSERT INTO "records" VALUES(9,'{"at":"2026-06-01T09:03:05.120+08:00","subject":{"charge":"01J00000000000000000000003"},"event":"moved","to":"checking","why":{"why":"not-certain","said":{"said":"lost","how":"timeout"}}}',X'7FEA30792BD158C3DF070B20BA33DE4B69E91FEB7FBE3B2F727EDAC66EA6EF5A');
CREATE INDEX records_charge ON records (charge, seq) WHERE charge IS NOT NULL;
CREATE TRIGGER records_never_change BEFORE UPDATE ON records
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: records are never changed'); END;
CREATE TRIGGER records_never_go BEFORE DELETE ON records
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: records are never deleted'); END;
CREATE TRIGGER records_in_order BEFORE INSERT ON records
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM records)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a record goes to its end'); END;
CREATE INDEX charges_bill ON charges (bill_key, seq);
CREATE INDEX charges_day ON charges (sent_on, seq);
CREATE INDEX charges_open ON charges (seq) WHERE open = 1;
COMMIT;
PRAGMA application_id = 1464419147;
PRAGMA user_version = 1;
