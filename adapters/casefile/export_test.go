package casefile

// SealUp lets the tests forge.
var SealUp = seal
