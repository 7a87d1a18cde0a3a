package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	reports "nevermind/adapters/report"
	"nevermind/bot"
	flowreport "nevermind/flows/report"
)

// reportCommand says what came of requests.
type reportCommand struct {
	From      string `help:"Requests made from this day on, such as 2026-11-01 (UTC)." placeholder:"DAY"`
	To        string `help:"Requests made before this day." placeholder:"DAY"`
	By        string `help:"One breakdown alone: week, kind, seller, reason, language or method." placeholder:"WHAT"`
	Sentences bool   `help:"Quote what people wrote of how their case was handled, too."`
	Format    string `help:"text, csv, html or json." enum:"text,csv,html,json" default:"text"`
}

// Run asks whoever has the store open for a report, and writes it.
func (c reportCommand) Run(ctx context.Context, p *program) (err error) {
	if _, err := bot.ReadReportQuery(c.From, c.To, c.By); err != nil {
		return usageError{err}
	}
	client, done, err := p.dial(ctx, plan{old: true, asFound: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var r bot.Report
	asked := url.Values{"from": {c.From}, "to": {c.To}, "by": {c.By}, "sentences": {strconv.FormatBool(c.Sentences)}}
	if err := askServer(ctx, client, "/report?"+asked.Encode(), &r); err != nil {
		return err
	}
	return writeReport(p.out, c.Format, &r)
}

// writeReport writes a report in one of the forms.
func writeReport(w io.Writer, format string, r *bot.Report) error {
	switch format {
	case "csv":
		return reports.CSV(w, r)
	case "html":
		return reports.HTML(w, r)
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	return reports.Text(w, r)
}

// report answers with a report as things stand.
func (h *house) report(w http.ResponseWriter, r *http.Request) {
	q, err := bot.ReadReportQuery(r.FormValue("from"), r.FormValue("to"), r.FormValue("by"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	q.Sentences = r.FormValue("sentences") == "true"
	made, err := h.makeReport(r.Context(), q)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	respond(w, made)
}

// makeReport reads the requests one by one, so that no more of them is held than their numbers. Of a request that moves
// meanwhile the move counts or does not, whole.
func (h *house) makeReport(ctx context.Context, q bot.ReportQuery) (bot.Report, error) {
	return flowreport.Make(q, h.engine.Now(),
		func(term string, after bot.Key, n int) ([]bot.Key, error) { return h.store.Find(ctx, term, after, n) },
		func(key bot.Key) ([]bot.Entry, error) { return wholeJournal(ctx, h.store, key) })
}

// reportLines is how many lines of a journal are read at once.
const reportLines = 1000

// wholeJournal reads all of a record's journal.
func wholeJournal(ctx context.Context, store bot.Journal, key bot.Key) (all []bot.Entry, err error) {
	for {
		page, err := store.Journal(ctx, key, len(all), reportLines)
		if all = append(all, page...); err != nil || len(page) < reportLines {
			return all, err
		}
	}
}
