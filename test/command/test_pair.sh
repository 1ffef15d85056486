# Our client and our server with one another: what peers cannot ask for, what
# every failure is called, and that data arrives whole in every mode.
. test/command/common.sh
ca="--ca $certs/ca.pem"
get='--request'
page='GET / HTTP/1.0\r\n\r\n'

get_page() {    # NAME WANTED PATTERNS OPTION...
    case_name=$1 case_want=$2 case_patterns=$3
    shift 3
    run "$case_name" "$case_want" "$case_patterns" client "127.0.0.1:$port" \
        $get "$page" "$@"
}

ours $(pair server-ec256) $(pair server-rsa2048) --alpn h2,http/1.1
get_page 'a page' 0 'HTTP/1.0%200%OK protocol=TLS1.2
    suite=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 group=x25519 resumed=no
    verify=ok ems=yes reneg=secure servername=none' $ca
get_page 'LFLF ends a request too' 0 'HTTP/1.0%200%OK' $ca $get 'GET /\n\n'
get_page 'ALPN' 0 'alpn=h2' $ca --alpn http/1.1,h2
get_page 'ALPN without overlap' 3 'no_application_protocol' $ca --alpn x
get_page 'resumption' 0 'resumed=no resumed=yes' $ca --resume 1
get_page 'a renegotiation' 0 'handshakes=2 renegotiated:' $ca --renegotiate
get_page 'a renegotiation in a resumed session' 0 'resumed=yes handshakes=2' \
    $ca --renegotiate --resume 2
get_page 'a name for SNI' 0 'servername=example.test verify=ok' $ca \
    --servername example.test
get_page 'quiet' 0 '!verify=ok%alpn HTTP/1.0%200' $ca --quiet
get_page 'a wrong CA' 4 'unknown_ca !HTTP' --ca $certs/other-ca.pem
get_page 'a wrong name' 4 'bad_certificate !HTTP' $ca --servername other.test
get_page 'unchecked' 0 verify=unchecked --insecure
get_page 'no suite in common' 3 'handshake_failure peer' $ca \
    --suites TLS_RSA_WITH_AES_128_GCM_SHA256
get_page 'the server goes on' 0 'HTTP/1.0%200%OK' $ca
grep '^connection' "$dir/server.log" > "$dir/out"
verdict 'the server says a line per connection' 0 0 'connection%1%from
    resumed=yes handshakes=2 unknown_ca bad_certificate'
"$tool" client "127.0.0.1:$port" $ca < /dev/null > "$dir/out" 2>&1
verdict 'an empty input is an orderly connection' $? 0 protocol=TLS1.2
stop

ours $(pair server-ec256) --no-resumption --no-renegotiation
get_page '--no-resumption' 0 '!resumed=yes' $ca --resume 2
get_page '--no-renegotiation' 3 'does%not%allow handshakes=1' $ca \
    --renegotiate
stop
ours $(pair server-ec256) --renegotiate-after 1
get_page 'the server asks' 0 'handshakes=2 renegotiated:' $ca
get_page 'the server asks and is refused' 0 'handshakes=1 was%refused' $ca \
    --no-renegotiation
stop
ours $(pair server-ec256) --renegotiate-after 1 --client-auth require $ca
get_page 'a certificate is required' 3 'the%peer%sent' $ca
get_page 'and shown' 0 'handshakes=2 client-certificate=CN=Test verify=ok' \
    $ca $(pair client-ec256)
get_page 'one of another CA is refused' 3 'unknown_ca' $ca \
    --cert $certs/server-unrelated.pem --key $certs/server-rsa2048.key
stop
while read -r cert alert; do
    ours --cert $certs/$cert.pem --key $certs/server-rsa2048.key
    get_page "$cert" 4 "$alert !HTTP" $ca
    stop
done <<'END'
server-expired certificate_expired
server-notyet certificate_expired
server-wrongeku unsupported_certificate
END
for group in x25519 secp256r1 secp384r1 secp521r1; do
    ours $(pair server-rsa3072) --groups $group
    get_page "group $group" 0 "group=$group" $ca
    stop
done

# ------------------------------------------------------------------ data
head -c 3000000 /dev/urandom > "$dir/big"
for suite in TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 \
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 \
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256; do
    ours $(pair server-ec256) --mode echo
    timeout 60 "$tool" client "127.0.0.1:$port" $ca --suites $suite \
        < "$dir/big" > "$dir/got" 2> "$dir/out"
    status=$?
    cmp "$dir/big" "$dir/got" >> "$dir/out" 2>&1 || status=different
    verdict "3 MB go and come back over $suite" $status 0 $suite
    stop
done
ours $(pair server-ec256) --mode echo
timeout 60 "$tool" client "127.0.0.1:$port" $ca --quiet \
    $get 'a\r\n\t\0\\\x41\q\x4' > "$dir/got" 2> "$dir/out"
status=$?
printf 'a\r\n\t\0\\A\\q\\x4' | cmp - "$dir/got" >> "$dir/out" 2>&1 ||
    status=different
verdict 'escapes of --request; silence ends the answer' $status 0 ''
stop
ours $(pair server-ec256) --mode echo --renegotiate-after 100000
timeout 60 "$tool" client "127.0.0.1:$port" $ca < "$dir/big" > "$dir/got" \
    2> "$dir/out"
status=$?
cmp "$dir/big" "$dir/got" >> "$dir/out" 2>&1 || status=different
verdict 'a renegotiation in the middle of it loses nothing' $status 0 \
    renegotiated:
stop
ours $(pair server-ec256) --mode sink --accept 2 --quiet
timeout 60 "$tool" client "127.0.0.1:$port" $ca < "$dir/big" > "$dir/got" \
    2> "$dir/out"
verdict 'a sink answers nothing' "$? $(wc -c < "$dir/got")" '0 0' ''
"$tool" client "127.0.0.1:$port" $ca < /dev/null > "$dir/out" 2>&1
wait ${pids##* }
verdict '--accept 2 ends after two' $? 0 ''
cat "$dir/server.log" > "$dir/out"
verdict 'a quiet server says where it listens only' \
    "$(wc -l < "$dir/out")" 1 listening
pids=
ours $(pair server-ec256) --mode echo
{ "$tool" client "127.0.0.1:$port" $ca < "$dir/big" 2> "$dir/out" |
    head -c 100 > "$dir/got"; } 2>&1
verdict 'a reader that has had enough' "$(wc -c < "$dir/got")" 100 ''
stop

# ----------------------------------------------------------- many, keylog
ours $(pair server-ec256) --keylog "$dir/server.keys"
: > "$dir/marks"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
    { timeout 60 "$tool" client "127.0.0.1:$port" $ca $get "$page" \
        --keylog "$dir/client.keys" 2> /dev/null | grep handshakes=1 \
        >> "$dir/marks"; } &
    waiting="${waiting:-} $!"
done
wait $waiting
verdict 'sixteen clients at once' "$(wc -l < "$dir/marks")" 16 ''
sort "$dir/server.keys" > "$dir/a"
sort "$dir/client.keys" > "$dir/b"
cmp "$dir/a" "$dir/b" > "$dir/out" 2>&1
verdict 'both key logs say the same' "$? $(grep -c CLIENT_RANDOM "$dir/a")" \
    '0 16' ''
stop
run 'nobody listens' 2 'cannot%connect' client "127.0.0.1:$port" $ca
run 'no such host' 2 'cannot%find' client no-such-host.invalid:1 $ca

# --------------------------------------------------------------- examples
examples=${BUILD:-build}/examples/sspi/examples
serve "$examples/server_minimal" 0 $certs/server-ec256.pem \
    $certs/server-ec256.key
timeout 30 "$examples/client_minimal" localhost "$port" $certs/ca.pem \
    > "$dir/out" 2>&1
verdict 'the two examples talk' $? 0 'Hello%from%SSPI'
wait ${pids##* }
verdict 'the example of a server ends well' $? 0 ''
pids=
ours $(pair server-ec256)
timeout 30 "$examples/client_minimal" localhost "$port" $certs/ca.pem \
    > "$dir/out" 2>&1
verdict 'the example of a client gets our page' $? 0 'HTTP/1.0%200%OK'
timeout 30 "$examples/client_minimal" localhost "$port" $certs/other-ca.pem \
    > "$dir/out" 2>&1
verdict 'and refuses a server of another CA' $? 1 '!HTTP'
stop
serve "$examples/server_minimal" 0 $certs/server-ec256.pem \
    $certs/server-ec256.key
get_page 'the example of a server serves our client' 0 'Hello%from%SSPI' $ca
stop
finish
