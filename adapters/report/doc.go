// Package report writes a bot.Report for people: as text for a terminal, as CSV for a sheet, and as one HTML page that needs
// nothing besides itself. It counts nothing; what is counted, and how, is in flows/report.
package report
