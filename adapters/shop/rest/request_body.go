package rest

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// maxBody is what one call may send, but for orders in bulk; a little more than an order's mebibyte, so that this is
// what a larger one is told.
const maxBody = 1<<20 + 16<<10

// bodyTime is how long a body may take to come.
const bodyTime = 15 * time.Second

// body is the text of a call, read when it is asked for: what an order is, and what is wrong with it, is the shop
// package's to say.
type body struct{ ctx huma.Context }

// Resolve keeps where the body can be read.
func (b *body) Resolve(ctx huma.Context) []error {
	b.ctx = ctx
	return nil
}

// read returns the whole text; the error is the answer.
func (b *body) read() ([]byte, error) {
	r, w := humago.Unwrap(b.ctx)
	if err := checkMediaType(r, "application/json"); err != nil {
		return nil, err
	}
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Now().Add(bodyTime)) //nolint:errcheck // without one the listener's own holds
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, bodyError(err)
	}
	if len(text) == 0 {
		return nil, problem(http.StatusBadRequest, "there is no body: send a JSON object")
	}
	return text, nil
}

// unnamedTypes are the media types that tools write where nobody has named one (curl's -d, say): what the text is decides.
var unnamedTypes = []string{"application/x-www-form-urlencoded", "application/octet-stream", "text/plain"}

// checkMediaType refuses a body in a form that is not read here. None named is taken for the first.
func checkMediaType(r *http.Request, types ...string) error {
	if code := r.Header.Get("Content-Encoding"); code != "" && !strings.EqualFold(code, "identity") {
		return huma.ErrorWithHeaders(problem(http.StatusUnsupportedMediaType, "send the body plain, without Content-Encoding"),
			http.Header{"Accept-Encoding": {"identity"}})
	}
	given := r.Header.Get("Content-Type")
	if given == "" {
		return nil
	}
	kind, params, err := mime.ParseMediaType(given)
	charset := params["charset"]
	if err != nil || !slices.Contains(append(types, unnamedTypes...), kind) || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return huma.ErrorWithHeaders(problem(http.StatusUnsupportedMediaType, "send it as Content-Type: "+types[0]+", in UTF-8"),
			http.Header{"Accept": {types[0]}})
	}
	return nil
}

// bodyError says why a body could not be read.
func bodyError(err error) error {
	var large *http.MaxBytesError
	var late net.Error
	switch {
	case errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is too large: %d bytes are read at most", large.Limit))
	case errors.As(err, &late) && late.Timeout():
		return problem(http.StatusRequestTimeout, "the body took too long to come")
	}
	return problem(http.StatusBadRequest, "the body broke off")
}
