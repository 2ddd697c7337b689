package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"depeche/translate"
)

// client speaks to a service that takes and gives JSON over HTTP. It sends
// each request once: trying again is the business of the wrappers.
type client struct {
	name   string // for messages
	base   *url.URL
	header http.Header // holds the key; never logged
	secret string      // taken out of every message
	http   *http.Client
	remedy map[translate.Cause]string
	// explain reads the service's own error from a body, and may overrule
	// the cause that the status stands for. It may be nil.
	explain func(status int, body []byte) (message string, cause translate.Cause)
}

// maxBody is more than any service answers to one request.
const maxBody = 32 << 20

func newClient(name, base, secret string) (*client, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: fmt.Sprintf("base_url %q is no http address", redact(base, secret)),
			Remedy: fmt.Sprintf("correct it under [backends.%s] in the configuration", name)}
	}
	if secret != "" && u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: fmt.Sprintf("base_url %s would send the key in the clear", u.Redacted()),
			Remedy: "use https"}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	return &client{name: name, base: u, header: http.Header{}, secret: secret,
		http: &http.Client{Transport: transport, CheckRedirect: func(req *http.Request, via []*http.Request) error {
			// A redirect could carry the key and the text to another host, and
			// would turn a POST into a GET.
			return http.ErrUseLastResponse
		}}, remedy: map[translate.Cause]string{}}, nil
}

// loopback reports whether a host is this machine or one in the local network.
func loopback(host string) bool {
	if host == "localhost" || !strings.Contains(host, ".") && net.ParseIP(host) == nil {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && (ip.IsLoopback() || ip.IsPrivate())
}

// Close drops the idle connections.
func (c *client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// post sends in as JSON and reads the answer into out; nil reads none.
func (c *client) post(ctx context.Context, path string, query url.Values, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPost, path, query, body, out)
}

func (c *client) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.do(ctx, http.MethodGet, path, query, nil, out)
}

func (c *client) do(ctx context.Context, method, path string, query url.Values, body []byte, out any) error {
	u := *c.base
	u.Path = strings.TrimRight(u.Path, "/") + path
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return c.fail(translate.CauseConfig, "the request cannot be made", err)
	}
	for k, v := range c.header {
		req.Header[k] = v
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "depeche")
	begin := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return c.broken(ctx, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	slog.DebugContext(ctx, "request", "backend", c.name, "method", method, "url", redact(u.Redacted(), c.secret), "sent", len(body),
		"status", resp.StatusCode, "received", len(answer), "time", time.Since(begin).Round(time.Millisecond),
		"body", redact(clip(string(body), 400), c.secret), "answer", redact(clip(string(answer), 400), c.secret))
	if resp.StatusCode/100 != 2 {
		// A body that breaks off does not hide what the status says.
		return c.refused(resp, answer)
	}
	if err != nil {
		return c.broken(ctx, err)
	}
	if len(answer) > maxBody {
		return c.fail(translate.CauseAnswer, "the answer is larger than 32 MiB", nil)
	}
	if c.explain != nil {
		if msg, cause := c.explain(resp.StatusCode, answer); msg != "" {
			return c.fail(cause, "the service answers: "+clip(msg, 300), nil)
		}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		switch {
		case kind == "text/html" || bytes.HasPrefix(bytes.TrimSpace(answer), []byte("<")):
			return c.fail(translate.CauseAnswer, "the answer is a web page, not a translation", nil)
		case len(bytes.TrimSpace(answer)) == 0:
			return c.fail(translate.CauseAnswer, "the answer is empty", nil)
		}
		return c.fail(translate.CauseAnswer, "the answer cannot be read", err)
	}
	return nil
}

// broken is the error of a connection that failed. Where the context
// ended, that is the error.
func (c *client) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err // the URL could hold a key
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		e := c.fail(translate.CauseTemporary, fmt.Sprintf("there is no host %q", dns.Name), errUnreachable)
		e.Refused = true
		e.Remedy = "see whether this machine has a network, or correct base_url in the configuration"
		return e
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		e := c.fail(translate.CauseTemporary, fmt.Sprintf("cannot connect to %s", c.base.Host), fmt.Errorf("%w: %w", errUnreachable, op.Err))
		e.Refused = true
		e.Remedy = "see whether the server runs and this machine has a network"
		return e
	}
	return c.fail(translate.CauseTemporary, "the connection broke", err)
}

// errUnreachable is in the chain of a failure that no text can have caused.
var errUnreachable = errors.New("unreachable")

// refused is the error that a status stands for.
func (c *client) refused(resp *http.Response, body []byte) error {
	var cause translate.Cause
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests:
		cause = translate.CauseRate
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		cause = translate.CauseAuth
	case code == http.StatusPaymentRequired || code == 456: // 456: DeepL's quota exceeded
		cause = translate.CauseQuota
	case code == http.StatusNotFound || code == http.StatusMethodNotAllowed || code/100 == 3:
		cause = translate.CauseConfig
	case code == http.StatusRequestTimeout || code == http.StatusTooEarly || code == 529 || code/100 == 5:
		cause = translate.CauseTemporary
	default:
		cause = translate.CauseRequest
	}
	message := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", resp.StatusCode, http.StatusText(resp.StatusCode)))
	if c.explain != nil {
		if m, k := c.explain(resp.StatusCode, body); m != "" {
			message += ": " + clip(m, 300)
			if k != "" {
				cause = k
			}
		}
	}
	e := c.fail(cause, message, nil)
	e.RetryAfter, e.Refused = retryAfter(resp.Header, time.Now()), true
	return e
}

// retryAfter reads how long a service asks to wait (RFC 9110, 10.2.3: seconds
// or a date; "retry-after-ms" is what OpenAI's servers add).
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	if t, err := http.ParseTime(v); err == nil && t.After(now) {
		return t.Sub(now)
	}
	return 0
}

func (c *client) fail(cause translate.Cause, message string, err error) *translate.Error {
	e := &translate.Error{Backend: c.name, Cause: cause, Message: redact(message, c.secret), Err: err, Remedy: c.remedy[cause]}
	if err != nil && c.secret != "" && strings.Contains(err.Error(), c.secret) {
		e.Err = errors.New(redact(err.Error(), c.secret))
	}
	if e.Remedy == "" {
		e.Remedy = remedies[cause]
	}
	return e
}

// remedies are what to do where a backend knows nothing better.
var remedies = map[translate.Cause]string{
	translate.CauseTemporary: "try again later; the same command goes on where this run stopped",
	translate.CauseRate:      "set a lower rate or concurrency in the configuration",
	translate.CauseQuota:     "wait until the quota is renewed, raise it, or choose another backend with -b",
	translate.CauseAuth:      "see that the key is right, not expired, and allowed to use this service",
	translate.CauseConfig:    "correct the backend's section in the configuration",
	translate.CauseRequest:   "see whether the service knows these languages and settings",
	translate.CauseAnswer:    "see that base_url is the address of the service itself",
}

// redact takes a secret out of a text.
func redact(text, secret string) string {
	if secret == "" {
		return text
	}
	text = strings.ReplaceAll(text, secret, "[key]")
	return strings.ReplaceAll(text, url.QueryEscape(secret), "[key]")
}
