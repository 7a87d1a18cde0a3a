package hook

// Backoff is how long to wait after so many tries.
var Backoff = backoff
