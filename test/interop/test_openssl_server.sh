# Our client against openssl s_server: every suite, group and kind of
# certificate; resumption, renegotiation asked for by either side, client
# certificates, ALPN, encrypt_then_mac; and what must fail, with its status.
. test/interop/common.sh

command -v openssl > /dev/null || {
    skip 'openssl s_server' 'no openssl'
    finish
}
openssl ciphers -stdname 'ALL:@SECLEVEL=0' > "$dir/ciphers"
ca="--ca $certs/ca.pem"

openssl_name() {
    awk -v name="$1" '$1 == name { print $3 }' "$dir/ciphers"
}

www() {         # CERTIFICATE OPTION...: s_server with a page
    cert=$1
    shift
    openssl_server -cert "$certs/$cert.pem" -key "$certs/${key:-$cert}.key" \
        -tls1_2 -www "$@"
}

get_page() {    # NAME STATUS PATTERNS OPTION...
    case_name=$1 case_status=$2 case_patterns=$3
    shift 3
    client "$case_name" "$case_status" "$case_patterns" \
        --request 'GET / HTTP/1.0\r\n\r\n' "$@"
}

# ------------------------------------------------------------------- suites
for cert in server-ec256 server-rsa2048; do
    www $cert -cipher 'ALL:@SECLEVEL=0'
    for suite in $(suites); do
        [ "$(cert_of "$suite")" = $cert ] || continue
        if [ -z "$(openssl_name "$suite")" ]; then
            skip "s_server takes $suite" 'this openssl has no such suite'
            continue
        fi
        get_page "s_server takes $suite" 0 \
            "suite=$suite 200%ok resumed=no verify=ok reneg=secure" \
            $ca --suites "$suite"
    done
    stop
done

# ------------------------------------------------------------------- groups
for cert in server-ec256 server-rsa2048; do
    www $cert -groups X25519:P-256:P-384:P-521
    for group in x25519 secp256r1 secp384r1 secp521r1; do
        # The certificate's own curve has to be in the list (RFC 4492 5.1.1).
        get_page "s_server with $cert takes $group" 0 \
            "group=$group suite=TLS_ECDHE_ 200%ok" $ca \
            --groups $group,secp256r1
    done
    stop
done
www server-rsa2048 -groups P-384
get_page 's_server chooses the only group that it has' 0 'group=secp384r1' $ca
get_page 's_server refuses a client without its group' 3 handshake_failure \
    $ca --groups x25519 \
    --suites TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
stop

# ------------------------------------------------------------- certificates
for cert in server-rsa2048 server-rsa3072 server-pss2048 server-ec256 \
    server-ec384 server-ec521 server-ed25519; do
    www $cert
    get_page "s_server shows $cert" 0 'verify=ok ems=yes 200%ok' $ca
    stop
done
www chain-leaf -cert_chain $certs/intermediate.pem -key $certs/chain-rsa.key
get_page 's_server shows a chain with an intermediate' 0 'verify=ok' $ca
stop
key=server-ec256
www server-ec256-ecca
get_page 's_server with no RSA in its chain' 0 'verify=ok' \
    --ca $certs/ca-ec256.pem
stop
key=
www server-ec256 -cert_chain $certs/ca.pem
get_page 's_server sends the root too' 0 'verify=ok' $ca
stop

# ------------------------------------------------- certificates not accepted
www server-rsa2048
get_page 'a wrong CA ends with 4' 4 'unknown_ca !protocol=' \
    --ca $certs/other-ca.pem
get_page 'a wrong name ends with 4' 4 'bad_certificate !protocol=' $ca \
    --servername other.test
get_page 'a right name by --servername' 0 'verify=ok' $ca \
    --servername example.test
get_page 'a name by wildcard' 0 'verify=ok' $ca \
    --servername a.wild.example.test
get_page 'a wildcard stands for one label' 4 bad_certificate $ca \
    --servername a.b.wild.example.test
get_page '--insecure looks at nothing' 0 'verify=unchecked' --insecure
stop
# name, alert
key=server-rsa2048
while read -r cert alert; do
    www $cert
    get_page "$cert is not accepted" 4 "$alert !protocol=" $ca
    stop
done <<'END'
server-expired certificate_expired
server-notyet certificate_expired
server-wrongname bad_certificate
server-cnonly bad_certificate
server-wrongeku unsupported_certificate
server-wrongku unsupported_certificate
server-critical unsupported_certificate
server-unrelated unknown_ca
server-selfsigned unknown_ca
END
key=
www server-rsa1024 -cipher 'ALL:@SECLEVEL=0'
get_page 'a key below the floor is not accepted' 4 '!protocol=' $ca
stop
www chain-leaf -key $certs/chain-rsa.key
get_page 'a missing intermediate ends with 4' 4 unknown_ca $ca
stop

# --------------------------------------------------------------- resumption
www server-ec256
get_page 'resumption by ticket or id' 0 'resumed=no resumed=yes !tomchannel:' \
    $ca --resume 1
get_page 'resumption, five times' 0 'resumed=yes !tomchannel:' $ca --resume 5
stop
www server-rsa2048 -no_ticket
get_page 'resumption by id' 0 'resumed=no resumed=yes' $ca --resume 1
for suite in TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA \
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256; do
    get_page "resumption by id with $suite" 0 "resumed=yes suite=$suite" $ca \
        --resume 1 --suites $suite
done
stop
www server-ec256 -no_ticket -no_cache
get_page 'a server that resumes nothing' 0 'resumed=no !resumed=yes' $ca \
    --resume 1
stop

# -------------------------------------------------------------- renegotiation
www server-ec256 -client_renegotiation
get_page 'a renegotiation asked by us' 0 \
    '200%ok renegotiated:%protocol 1%server%renegotiates' $ca \
    --renegotiate
get_page 'the same with a CBC suite' 0 '200%ok renegotiated:' $ca \
    --renegotiate --suites TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384
get_page 'the same in a resumed session' 0 'resumed=yes renegotiated:' $ca \
    --renegotiate --resume 1
stop
www server-ec256
get_page 'a renegotiation that s_server refuses' 3 '200%ok does%not%allow' \
    $ca --renegotiate
stop

# The server asks: r and R are commands on its input.
asked() {       # NAME STATUS PATTERNS LETTER SERVER-OPTIONS OPTION...
    case_name=$1 case_status=$2 case_patterns=$3 letter=$4 server_options=$5
    shift 5
    rm -f "$dir/commands" "$dir/talk"
    mkfifo "$dir/commands" "$dir/talk"
    exec 8<> "$dir/commands"
    server_input=$dir/commands
    openssl_server -cert $certs/server-ec256.pem -key \
        $certs/server-ec256.key -tls1_2 $server_options
    server_input=
    exec 9<> "$dir/talk"    # not the server's: it must not keep it open
    : > "$dir/out"
    timeout 40 "$tool" client "127.0.0.1:$port" $ca "$@" >> "$dir/out" 2>&1 \
        < "$dir/talk" 8<&- 9>&- &
    client_pid=$!
    until_says protocol= "$dir/out"
    echo "$letter" >&8
    until_says 'enegotiat' "$dir/out"
    echo 'after it' >&9
    until_says 'after it' "$server_log"
    exec 9>&-       # the end of the client's input
    wait $client_pid
    judge "$case_name" $? "$case_status" "$case_patterns" \
        "$tool client 127.0.0.1:$port $ca $*"
    if [ "$case_status" != 0 ]; then
        :
    elif grep -q 'after it' "$server_log"; then
        pass "$case_name; data goes on"
    else
        fail "$case_name; data goes on" "$(tail -n 20 "$server_log")"
    fi
    exec 8<&-
    stop
}
until_says() {  # PATTERN FILE: at most six seconds
    tries=0
    until grep -q "$1" "$2" || [ $tries -gt 150 ]; do
        tries=$((tries + 1))
        sleep 0.04
    done
}
asked 's_server asks for a renegotiation' 0 renegotiated: r ''
# openssl ends the connection when it is refused; we had not.
asked 's_server asks and is refused' 3 \
    'was%refused handshake_failure !renegotiated:' r '' --no-renegotiation
asked 's_server asks for a certificate, we have none' 0 renegotiated: R ''
asked 's_server asks for a certificate and gets it' 0 renegotiated: R \
    "-CAfile $certs/ca.pem" $(pair client-rsa2048)
if grep -q 'Tomchannel Test Client\|verify return:1' "$server_log"; then
    pass 's_server has seen the certificate'
else
    fail 's_server has seen the certificate' "$(tail -n 30 "$server_log")"
fi

# -------------------------------------------------------- client certificates
www server-rsa2048 -Verify 2 -verify_return_error -CAfile $certs/ca.pem
for cert in client-rsa2048 client-ec256; do
    get_page "s_server takes $cert" 0 'verify=ok 200%ok' $ca $(pair $cert)
done
get_page 's_server refuses a client without certificate' 3 \
    'the%peer%sent !protocol=' $ca
stop
www server-rsa2048 -Verify 2 -verify_return_error -CAfile $certs/other-ca.pem
get_page 's_server refuses a certificate of another CA' 3 \
    'the%peer%sent%the%alert%unknown_ca' $ca $(pair client-rsa2048)
stop
www server-ec256 -verify 2 -CAfile $certs/ca.pem
get_page 's_server asks and goes on without' 0 'verify=ok 200%ok' $ca
stop

# --------------------------------------------------- ALPN, encrypt_then_mac
www server-ec256 -alpn http/1.1,h2
get_page 'ALPN with s_server' 0 'alpn=http/1.1' $ca --alpn h2,http/1.1
get_page 'ALPN of one side only' 0 'alpn=none' $ca
stop
cbc=TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
www server-ec256
get_page 'encrypt_then_mac with s_server' 0 "suite=$cbc 200%ok" $ca \
    --suites $cbc
stop
www server-ec256 -no_etm
get_page 's_server without encrypt_then_mac' 0 "suite=$cbc 200%ok" $ca \
    --suites $cbc
stop
openssl_server -cert $certs/server-ec256.pem -key $certs/server-ec256.key \
    -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -www
get_page 'no suite in common' 3 'handshake_failure' $ca \
    --suites TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
stop
openssl_server -cert $certs/server-ec256.pem -key $certs/server-ec256.key \
    -tls1_1 -cipher 'ALL:@SECLEVEL=0' -www
get_page 's_server with TLS 1.1 only' 3 'protocol_version !protocol=' $ca
stop
openssl_server -cert $certs/server-ec256.pem -key $certs/server-ec256.key -www
get_page 's_server that would speak TLS 1.3' 0 'protocol=TLS1.2' $ca
stop

# --------------------------------------------------- data, and the key log
head -c 1500000 /dev/urandom > "$dir/big"
for suite in TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 $cbc \
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256; do
    start ACCEPT sh -c "cd $dir && exec openssl s_server -accept \
        127.0.0.1:$((port + 1)) -cert $PWD/$certs/server-ec256.pem \
        -key $PWD/$certs/server-ec256.key -tls1_2 -HTTP"
    { printf 'HTTP/1.0 200 OK\r\n\r\n'; cat "$dir/big"; } > "$dir/page"
    timeout 40 "$tool" client "127.0.0.1:$port" $ca --suites $suite \
        --request 'GET /page HTTP/1.0\r\n\r\n' > "$dir/got" 2> "$dir/out"
    status=$?
    cmp "$dir/page" "$dir/got" >> "$dir/out" 2>&1 || status=different
    judge "1.5 MB come unchanged over $suite" $status 0 "suite=$suite" \
        'GET /page'
    stop
done
www server-ec256 -keylogfile "$dir/theirs"
rm -f "$dir/ours"
get_page 'a connection with a key log' 0 'verify=ok' $ca \
    --keylog "$dir/ours"
stop
if [ "$(grep CLIENT_RANDOM "$dir/theirs")" = \
    "$(grep CLIENT_RANDOM "$dir/ours")" ] && [ -s "$dir/ours" ]; then
    pass 'our key log says what openssl says'
else
    fail 'our key log says what openssl says' "$(cat "$dir/ours")" \
        "$(cat "$dir/theirs")"
fi

# -------------------------------------------------------- exit status 2 and 1
client 'nobody listens' 2 'cannot%connect' $ca
client 'a wrong option' 1 'unknown%option' --nonsense
client 'an unknown suite' 1 'cannot%be%used' --suites TLS_NO_SUCH_SUITE
finish
