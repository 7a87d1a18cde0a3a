// Package report says what came of requests, from their journals alone: how many were asked, answered, agreed, refunded and
// arrived, and where the others have left; why people cancel (S39); how sellers and support have worked; how long money took;
// and how people found it. docs/reports.md says what each number means.
//
// It is pure: whoever wants a report hands the journals in, one request after the other, and no more than a few numbers are
// kept of each. The same journals always give the same report.
package report
