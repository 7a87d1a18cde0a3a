package hook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tryTime is how long the shop may take to answer.
const tryTime = 10 * time.Second

// Try calls the shop's address without a signature, as a stranger could, and is content where that is refused: then somebody
// is there who checks. It returns the status. An error is a sentence for the operator.
func Try(ctx context.Context, address string) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader("{}"))
	if err != nil {
		return 0, errors.New("not an address")
	}
	r.Header.Set("Content-Type", "application/json")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err // the address may hold a secret
	}
	if err != nil {
		return 0, fmt.Errorf("the shop cannot be reached: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10)
	switch status = answer.StatusCode; {
	case status/100 == 2:
		return status, fmt.Errorf("what is there takes a call without a signature (%d): it has to check them", status)
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status/100 == 3:
		return status, fmt.Errorf("what is there answers %d: is the path right? Redirects are not followed", status)
	case status/100 == 5:
		return status, fmt.Errorf("what is there answers %d: the shop does not work", status)
	}
	return status, nil
}
