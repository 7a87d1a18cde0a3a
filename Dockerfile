# One static binary, no shell, not root; everything that is kept lies in /data, and the key in /keys, a volume of its own, so that
# a copy of the data does not hold it. The root may be read-only:
#
#   docker build -t nevermind .
#   docker run --read-only -v nevermind:/data -v nevermind-key:/keys -p 127.0.0.1:8080:8080 --env-file nevermind.env nevermind
#
# is the server, with its settings in a file of variables, and the key that its data is encrypted with on a volume of its own. The
# demo, which has no password, on volumes of its own:
#
#   docker run --rm --read-only -v nevermind-demo:/data -v nevermind-demo-key:/keys -p 127.0.0.1:8080:8080 nevermind \
#     demo --listen 0.0.0.0:8080 --data /data
#
# The licences of what is built in lie in /licences. A release names its base by digest (the registry that knows it is out of
# reach where this was written): docker build --build-arg GO_IMAGE=golang:1.26@sha256:…
ARG GO_IMAGE=golang:1.26
FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.version=$VERSION" -o /nevermind ./cmd/nevermind && mkdir -m 0700 /data /keys
RUN go run github.com/google/go-licenses@v1.6.0 save ./cmd/nevermind --ignore nevermind \
      --ignore github.com/golang/freetype --ignore github.com/segmentio/asm --save_path /licences \
    && install -D -m 644 "$(go list -m -f '{{.Dir}}' github.com/golang/freetype)/licenses/ftl.txt" \
      /licences/github.com/golang/freetype/ftl.txt \
    && install -D -m 644 "$(go list -m -f '{{.Dir}}' github.com/segmentio/asm)/LICENSE" \
      /licences/github.com/segmentio/asm/LICENSE

FROM scratch
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="Nevermind" \
      org.opencontainers.image.description="An assistant for the conversations around a cancelled order" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /keys /keys
COPY --from=build /licences /licences
COPY --from=build /nevermind /nevermind
USER 65532:65532
ENV NEVERMIND_DATA=/data NEVERMIND_KEY_FILE=/keys/nevermind.key NEVERMIND_LISTEN=0.0.0.0:8080
VOLUME /data /keys
EXPOSE 8080 9180
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["/nevermind", "health"]
ENTRYPOINT ["/nevermind"]
CMD ["serve"]
