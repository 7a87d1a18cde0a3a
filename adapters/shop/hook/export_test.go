package hook

// Pause is how long to wait after so many tries.
var Pause = pause
