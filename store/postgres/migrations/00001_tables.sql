-- The first schema. Names of people, rooms, orders and conversations stand here as keyed hashes, and whatever is said of them is
-- encrypted: what is in the clear is what an operator may see, the flow, the state, the kind, the version and times.
-- Times are nanoseconds since 1970 in UTC, 0 where there is none.

-- +goose Up
CREATE TABLE meta (name text PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE named_values (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE names (hash bytea PRIMARY KEY, name bytea NOT NULL);
CREATE TABLE subjects (hash bytea PRIMARY KEY, slot bigint NOT NULL);

CREATE TABLE handled (id bytea PRIMARY KEY, at bigint NOT NULL, mark bigint NOT NULL);
CREATE INDEX handled_at ON handled (at);

CREATE TABLE conversations (
	key bytea PRIMARY KEY,
	kind text NOT NULL,
	flow text NOT NULL,
	state text NOT NULL,
	version bigint NOT NULL,
	changed bigint NOT NULL,
	closed bigint NOT NULL,
	record bytea NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE journal (
	conversation bytea,
	seq bigint,
	at bigint NOT NULL,
	record bytea NOT NULL,
	PRIMARY KEY (conversation, seq)
);
CREATE TABLE terms (term bytea, conversation bytea, PRIMARY KEY (term, conversation));
CREATE INDEX terms_of ON terms (conversation);
CREATE TABLE deadlines (
	conversation bytea,
	at bigint,
	name text COLLATE "C",
	event text COLLATE "C",
	visit bigint,
	PRIMARY KEY (conversation, at, name, event, visit)
);
CREATE INDEX deadlines_at ON deadlines (at, conversation);
-- What one turn has offered stands in one row: the beginning that its tokens have in common, and the rest of each.
CREATE TABLE offers (
	made text COLLATE "C",
	conversation bytea,
	at bigint NOT NULL,
	late boolean NOT NULL DEFAULT false,
	rests text[] NOT NULL,
	PRIMARY KEY (made, conversation)
);

CREATE TABLE orders (
	id bytea PRIMARY KEY,
	buyer bytea,
	seller bytea,
	placed bigint NOT NULL,
	version bigint NOT NULL,
	record bytea NOT NULL
);
CREATE INDEX orders_buyer ON orders (buyer, placed, id);
CREATE INDEX orders_seller ON orders (seller, placed, id);
CREATE TABLE people (
	id bytea PRIMARY KEY,
	party text COLLATE "C" NOT NULL,
	version bigint NOT NULL,
	record bytea NOT NULL
);
CREATE INDEX people_party ON people (party, id);
CREATE TABLE accounts (account bytea PRIMARY KEY, person bytea NOT NULL);
CREATE INDEX accounts_of ON accounts (person);

-- Tasks and messages are numbered together, so that a room's log is in the order of its commits.
CREATE SEQUENCE numbers;
CREATE SEQUENCE epochs;
CREATE TABLE tasks (
	seq bigint PRIMARY KEY DEFAULT nextval('numbers'),
	id bytea NOT NULL UNIQUE,
	lane bytea NOT NULL,
	kind text NOT NULL,
	class text NOT NULL,
	state text NOT NULL,
	made bigint NOT NULL,
	not_before bigint NOT NULL,
	at bigint NOT NULL,
	attempts integer NOT NULL,
	answered boolean NOT NULL DEFAULT false, -- its outcome is an event
	passing boolean NOT NULL,                -- nobody asks for it once it is over
	room bytea,
	card bytea,
	edits boolean NOT NULL,
	ref bytea,
	record bytea NOT NULL,
	outcome bytea
) WITH (fillfactor = 80);
CREATE INDEX tasks_waiting ON tasks (lane, seq) WHERE state = 'waiting';
CREATE INDEX tasks_dead ON tasks (seq) WHERE state = 'dead';
-- A lane is there while something waits in it. It is claimed, never a task: whoever has its epoch has the lease on its head.
CREATE TABLE lanes (
	lane bytea PRIMARY KEY,
	head bigint NOT NULL,
	due bigint NOT NULL,
	turn bigint NOT NULL,
	epoch bigint NOT NULL DEFAULT 0,
	holder bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE INDEX lanes_due ON lanes (due, turn);
CREATE INDEX lanes_held ON lanes (holder) WHERE holder <> 0;

CREATE TABLE said (room bytea, seq bigint, at bigint NOT NULL, record bytea, PRIMARY KEY (room, seq));
CREATE TABLE sent (room bytea, ref bytea, conversation bytea NOT NULL, PRIMARY KEY (room, ref));
CREATE TABLE cards (
	room bytea,
	card bytea,
	ref bytea,
	name bytea,
	edit bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (room, card)
);

-- Who works on this database, and who has which duty that one alone may have.
CREATE SEQUENCE replica_numbers;
CREATE TABLE replicas (
	id bigint PRIMARY KEY,
	host text NOT NULL,
	serves boolean NOT NULL,
	files bytea, -- where its people's files lie, hashed; null where no other reaches them
	seen timestamptz NOT NULL
);
CREATE TABLE duties (name text PRIMARY KEY, holder bigint NOT NULL, epoch bigint NOT NULL, until timestamptz NOT NULL);

-- refuse ends a transaction with a code, unless that is null: what a commit may not do is found out by the database, in the one
-- round trip that it takes.
-- +goose StatementBegin
CREATE FUNCTION refuse(code text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF code IS NOT NULL THEN
		RAISE EXCEPTION 'refused' USING ERRCODE = code;
	END IF;
	RETURN true;
END $$;
-- +goose StatementEnd

ALTER TABLE lanes SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE tasks SET (autovacuum_vacuum_scale_factor = 0.05);
