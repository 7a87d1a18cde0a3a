package bolt

// checkpointAt lets a segment of the log grow to so many bytes.
func checkpointAt(n int64) Option { return func(o *options) { o.checkpointBytes = n } }
