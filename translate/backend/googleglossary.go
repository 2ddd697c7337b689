package backend

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	gtranslate "cloud.google.com/go/translate/apiv3"
	"cloud.google.com/go/translate/apiv3/translatepb"
	"golang.org/x/text/language"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/api/storage/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"depeche/glossary"
	"depeche/translate"
)

// googleLargest is the most characters that a glossary may hold.
const googleLargest = 10_000_000

// googleKept is the glossary resource of ours that is in use for a pair of
// languages.
type googleKept struct {
	resource string
	list     *glossary.List
}

// KeepTerms sees that the project has a glossary resource of exactly this
// list: one that is there already is used, else it is made, by way of a file
// in the configured bucket, and those of earlier states of the list are
// deleted. Others are never touched
// (https://cloud.google.com/translate/docs/advanced/glossary).
func (g *google) KeepTerms(ctx context.Context, from, to language.Tag, list *glossary.List) (bool, error) {
	if g.cfg.Bucket == "" || g.cfg.Glossary != "" || g.cfg.Terms == TermsProtect || len(list.Pairs) == 0 {
		return false, nil
	}
	client, err := g.connect(ctx)
	if err != nil {
		return false, err
	}
	name := nameKept(list, from, to)
	resource, err := g.ensure(ctx, client, from, to, list)
	if err != nil {
		return false, err
	}
	g.clean(ctx, client, name)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept[googlePair(from, to)] = googleKept{resource, list}
	return true, nil
}

func googlePair(from, to language.Tag) [2]string { return [2]string{googleTag(from), googleTag(to)} }

// ensure finds or makes the resource of the list and gives its name.
func (g *google) ensure(ctx context.Context, client *gtranslate.TranslationClient, from, to language.Tag, list *glossary.List) (string, error) {
	id := nameKept(list, from, to).String()
	resource := g.resource("glossaries", id)
	found, err := g.exists(ctx, client, resource)
	if found || err != nil {
		return resource, err
	}
	text := list.TSV()
	if len(text) > googleLargest {
		return "", &translate.Error{Backend: g.name, Cause: translate.CauseConfig, Message: fmt.Sprintf("takes no glossary of %d bytes", len(text)),
			Remedy: fmt.Sprintf("split it, or set terms = %q under [backends.%s]", TermsProtect, g.name)}
	}
	file := id + "-" + strings.ToLower(rand.Text()) + ".tsv"
	if err := g.upload(ctx, file, text); err != nil {
		return "", err
	}
	// The resource does not need the file any more once it is made.
	defer g.remove(context.WithoutCancel(ctx), file)
	pair := googlePair(from, to)
	op, err := client.CreateGlossary(ctx, &translatepb.CreateGlossaryRequest{Parent: g.parent(), Glossary: &translatepb.Glossary{
		Name: resource, DisplayName: "depeche " + list.Name,
		Languages: &translatepb.Glossary_LanguagePair{LanguagePair: &translatepb.Glossary_LanguageCodePair{
			SourceLanguageCode: pair[0], TargetLanguageCode: pair[1]}},
		InputConfig: &translatepb.GlossaryInputConfig{Source: &translatepb.GlossaryInputConfig_GcsSource{
			GcsSource: &translatepb.GcsSource{InputUri: "gs://" + g.cfg.Bucket + "/" + file}}}}})
	if err == nil {
		_, err = op.Wait(ctx)
	}
	switch {
	case err == nil:
		slog.DebugContext(ctx, "glossary made", "backend", g.name, "name", resource, "entries", len(list.Pairs))
		return resource, nil
	case status.Code(err) == codes.AlreadyExists:
		// Another run makes it at this moment.
		return resource, g.await(ctx, client, resource)
	case ctx.Err() != nil:
		return "", ctx.Err()
	}
	return "", g.fail(err)
}

// exists asks for a resource.
func (g *google) exists(ctx context.Context, client *gtranslate.TranslationClient, resource string) (bool, error) {
	_, err := client.GetGlossary(ctx, &translatepb.GetGlossaryRequest{Name: resource})
	switch {
	case err == nil:
		return true, nil
	case status.Code(err) == codes.NotFound:
		return false, nil
	case ctx.Err() != nil:
		return false, ctx.Err()
	}
	return false, g.fail(err)
}

// await waits until a resource that another run makes is there.
func (g *google) await(ctx context.Context, client *gtranslate.TranslationClient, resource string) error {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 10*time.Second) {
		found, err := g.exists(ctx, client, resource)
		if found || err != nil {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// clean deletes the resources of earlier states of the list. That it fails
// hurts no translation.
func (g *google) clean(ctx context.Context, client *gtranslate.TranslationClient, name keptName) {
	all := client.ListGlossaries(ctx, &translatepb.ListGlossariesRequest{Parent: g.parent()})
	for {
		old, err := all.Next()
		if err != nil {
			if !errors.Is(err, iterator.Done) {
				slog.DebugContext(ctx, "glossaries not listed", "backend", g.name, "error", err)
			}
			return
		}
		if !name.old(path.Base(old.GetName())) {
			continue
		}
		_, err = client.DeleteGlossary(ctx, &translatepb.DeleteGlossaryRequest{Name: old.GetName()})
		slog.DebugContext(ctx, "glossary deleted", "backend", g.name, "name", old.GetName(), "error", err)
	}
}

// renewed makes the resource of ours again that a request did not find: a run
// with another state of the list has deleted it. It reports whether the
// request is worth sending again.
func (g *google) renewed(ctx context.Context, client *gtranslate.TranslationClient, from, to language.Tag, err error) bool {
	k, ok := g.keptFor(from, to)
	if !ok || status.Code(err) != codes.NotFound {
		return false
	}
	_, err = g.ensure(ctx, client, from, to, k.list)
	return err == nil
}

func (g *google) keptFor(from, to language.Tag) (googleKept, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	k, ok := g.kept[googlePair(from, to)]
	return k, ok
}

// inForce is the glossary resource that requests name: of ours, or the
// configured one; "" for none.
func (g *google) inForce(from, to language.Tag) string {
	if k, ok := g.keptFor(from, to); ok {
		return k.resource
	}
	return g.resource("glossaries", g.cfg.Glossary)
}

func (g *google) files(ctx context.Context) (*storage.Service, error) {
	opts := []option.ClientOption{option.WithUserAgent("depeche"), option.WithScopes(storage.DevstorageReadWriteScope)}
	switch {
	case g.cfg.Insecure:
		opts = append(opts, option.WithoutAuthentication(), option.WithEndpoint(g.cfg.storage))
	case g.cfg.Credentials != "":
		opts = append(opts, option.WithAuthCredentialsFile(option.ServiceAccount, g.cfg.Credentials))
	}
	s, err := storage.NewService(ctx, opts...)
	if err != nil {
		return nil, &translate.Error{Backend: g.name, Cause: translate.CauseAuth, Message: "no usable credentials", Err: err, Remedy: googleLogin}
	}
	return s, nil
}

func (g *google) upload(ctx context.Context, file, text string) error {
	s, err := g.files(ctx)
	if err == nil {
		_, err = s.Objects.Insert(g.cfg.Bucket, &storage.Object{Name: file, ContentType: "text/tab-separated-values"}).
			Media(strings.NewReader(text), googleapi.ContentType("text/tab-separated-values")).Context(ctx).Do()
	}
	var refused *googleapi.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refused):
		e := &translate.Error{Backend: g.name, Cause: translate.CauseConfig, Refused: true,
			Message: fmt.Sprintf("the glossary cannot be put into the bucket %s: HTTP %d: %s", g.cfg.Bucket, refused.Code, clip(cmp.Or(refused.Message, http.StatusText(refused.Code)), 300)),
			Remedy:  "see that the bucket exists and that the account has the role Storage Object User for it"}
		if refused.Code == 429 || refused.Code >= 500 {
			e.Cause = translate.CauseTemporary
		}
		return e
	}
	return g.fail(err)
}

func (g *google) remove(ctx context.Context, file string) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	s, err := g.files(ctx)
	if err == nil {
		err = s.Objects.Delete(g.cfg.Bucket, file).Context(ctx).Do()
	}
	if err != nil {
		slog.DebugContext(ctx, "file not deleted", "backend", g.name, "bucket", g.cfg.Bucket, "file", file, "error", err)
	}
}
