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

// maxBody is the size of a call's body at most, in bytes, except for bulk orders. It is a little more than the mebibyte
// that an order may have, so that an order too large gets the decoder's answer.
const maxBody = 1<<20 + 16<<10

// bodyTime is how long a body may take to arrive.
const bodyTime = 15 * time.Second

// body gives a call its raw text, read when it is asked for: what an order is, and what is wrong with it, is for package
// shop to say.
type body struct{ ctx huma.Context }

// Resolve stores the context from which the body can be read; the framework calls it.
func (b *body) Resolve(ctx huma.Context) []error {
	b.ctx = ctx
	return nil
}

// read returns the whole text; the error is the answer, a problem document.
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

// unnamedTypes are the media types that tools write where nobody has named one (curl's -d, say). They are accepted, and the
// text decides.
var unnamedTypes = []string{"application/x-www-form-urlencoded", "application/octet-stream", "text/plain"}

// checkMediaType refuses a body that is compressed, not in UTF-8, or of another media type; without a Content-Type it is
// taken for the first of types.
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
	otherCharset := charset != "" && !strings.EqualFold(charset, "utf-8")
	if err != nil || otherCharset || !slices.Contains(types, kind) && !slices.Contains(unnamedTypes, kind) {
		return huma.ErrorWithHeaders(problem(http.StatusUnsupportedMediaType, "send it as Content-Type: "+types[0]+", in UTF-8"),
			http.Header{"Accept": {types[0]}})
	}
	return nil
}

// bodyError is the problem for a body that could not be read.
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
