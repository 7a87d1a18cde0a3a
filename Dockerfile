# One static binary, no shell, not root; everything that is kept lies in /data, so the root may be read-only:
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
# The licences of what is built in lie in /licences.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.version=$VERSION" -o /nevermind ./cmd/nevermind && mkdir /data /keys
RUN go run github.com/google/go-licenses@v1.6.0 save ./cmd/nevermind --ignore nevermind --save_path /licences

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /keys /keys
COPY --from=build /licences /licences
COPY --from=build /nevermind /nevermind
USER 65532:65532
ENV NEVERMIND_DATA=/data NEVERMIND_KEY_FILE=/keys/nevermind.key
VOLUME /data /keys
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["/nevermind", "health"]
ENTRYPOINT ["/nevermind"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
