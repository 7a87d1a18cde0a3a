# One static binary, no shell, not root; everything that is kept lies in /data, so the root may be read-only:
#
#   docker build -t nevermind .
#   docker run --rm --read-only -v nevermind-demo:/data -p 127.0.0.1:8080:8080 nevermind
#
# and the server, on a volume of its own, with its settings in a file of variables:
#
#   docker run --read-only -v nevermind:/data -p 127.0.0.1:8080:8080 --env-file nevermind.env nevermind serve --listen 0.0.0.0:8080
#
# No HEALTHCHECK: the image has no program that could ask for /healthz; whoever runs it asks from outside.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /nevermind ./cmd/nevermind && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /nevermind /nevermind
USER 65532:65532
ENV NEVERMIND_DATA=/data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/nevermind"]
CMD ["demo", "--listen", "0.0.0.0:8080", "--data", "/data"]
