package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// Beside is a cluster in a folder of its own that has nothing yet: see Follow.
func (c *Cluster) Beside() (*Cluster, error) { return newCluster(c.bin) }

// Follow makes the cluster a standby of a primary, from nothing, and returns once it has all that the primary has. From then on
// each commit of the primary waits for it, and where it is away none is made.
func (c *Cluster) Follow(primary *Cluster) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, primary.At("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // what was done is done
	for _, sql := range []string{`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(c.data()); err != nil {
		return err
	}
	copied := c.command("pg_basebackup", "-D", c.data(), "-h", primary.Folder, "-U", "nevermind", "-X", "stream", "-R",
		"--checkpoint=fast", "--no-sync")
	if said, err := copied.CombinedOutput(); err != nil {
		return fmt.Errorf("pg_basebackup: %w: %s", err, said)
	}
	if err := c.Launch(); err != nil {
		return err
	}
	for {
		var there bool
		err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_replication
			WHERE sync_state = 'sync' AND state = 'streaming' AND flush_lsn >= pg_current_wal_lsn())`).Scan(&there)
		if err != nil || there {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("the standby never has all that the primary has")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Promote makes a standby the primary.
func (c *Cluster) Promote() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.At("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // what was done is done
	var done bool
	if err := conn.QueryRow(ctx, `SELECT pg_promote(true, 60)`).Scan(&done); err != nil || !done {
		return fmt.Errorf("promoted: %v, %w", done, err)
	}
	return nil
}
