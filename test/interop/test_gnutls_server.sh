# Our client against gnutls-serv: every suite, group and kind of certificate;
# resumption, renegotiation, client certificates, ALPN, encrypt_then_mac, no
# extended_master_secret.
. test/interop/common.sh

command -v gnutls-serv > /dev/null || {
    skip 'gnutls-serv' 'no gnutls-serv'
    finish
}
[ "$INTEROP_NET" = own ] || {
    skip 'gnutls-serv' 'it listens on all addresses, and unshare is not allowed'
    finish
}
ca="--ca $certs/ca.pem"

http() {        # CERTIFICATE PRIORITY OPTION...
    cert=$1 priority=$2
    shift 2
    start 'IPv4.*done' gnutls-serv --http -p PORT --priority "$priority" \
        --x509certfile "$certs/$cert.pem" \
        --x509keyfile "$certs/${key:-$cert}.key" "$@"
}

get_page() {    # NAME STATUS PATTERNS OPTION...
    case_name=$1 case_status=$2 case_patterns=$3
    shift 3
    client "$case_name" "$case_status" "$case_patterns" \
        --request 'GET / HTTP/1.0\r\n\r\n' "$@"
}

# ------------------------------------------------------------------- suites
for cert in server-ec256 server-rsa2048; do
    http $cert $every_suite -a
    for suite in $(suites); do
        [ "$(cert_of "$suite")" = $cert ] || continue
        if [ -z "$(gnutls_priority "$suite")" ]; then
            skip "gnutls-serv takes $suite" 'not in its default build'
            continue
        fi
        get_page "gnutls-serv takes $suite" 0 \
            "suite=$suite 200%OK verify=ok reneg=secure ems=yes" $ca \
            --suites "$suite"
    done
    stop
done

# ------------------------------------------------------------------- groups
for cert in server-ec256 server-rsa2048; do
    http $cert $tls12 -a
    for group in x25519 secp256r1 secp384r1 secp521r1; do
        get_page "gnutls-serv with $cert takes $group" 0 \
            "group=$group 200%OK" $ca --groups $group,secp256r1 \
            --suites TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,$(
            )TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    done
    stop
done

# ------------------------------------------------------------- certificates
for cert in server-rsa2048 server-rsa3072 server-pss2048 server-ec256 \
    server-ec384 server-ec521 server-ed25519; do
    http $cert $tls12 -a
    get_page "gnutls-serv shows $cert" 0 'verify=ok 200%OK' $ca
    stop
done
key=chain-rsa
http chain-rsa $tls12 -a
get_page 'gnutls-serv shows a chain with an intermediate' 0 'verify=ok' $ca
stop
key=server-rsa2048
while read -r cert alert; do
    http $cert $tls12 -a
    get_page "$cert is not accepted" 4 "$alert !protocol=" $ca
    stop
done <<'END'
server-expired certificate_expired
server-wrongname bad_certificate
server-unrelated unknown_ca
END
key=

# --------------------------------------------------------------- resumption
http server-ec256 $tls12 -a
get_page 'resumption by ticket' 0 'resumed=yes !tomchannel:' $ca --resume 1
stop
http server-rsa2048 $tls12:-GROUP-ALL:+GROUP-SECP256R1 -a --noticket
get_page 'resumption by id' 0 'resumed=yes group=secp256r1 !tomchannel:' $ca \
    --resume 3
stop
http server-ec256 $tls12 -a --noticket --nodb
get_page 'a server that resumes nothing' 0 '!resumed=yes !tomchannel:' $ca \
    --resume 1
stop

# ------------------------------------------------------------ renegotiation
http server-ec256 $tls12 -a
get_page 'a renegotiation asked by us' 0 'renegotiated:%protocol 200%OK' $ca \
    --renegotiate
get_page 'the same in a resumed session' 0 'resumed=yes renegotiated:' $ca \
    --renegotiate --resume 1
stop
http server-ec256 $every_suite -a
get_page 'the same with a CBC suite' 0 'renegotiated:%protocol 200%OK' $ca \
    --renegotiate --suites TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
stop

# -------------------------------------------------------- client certificates
http server-rsa2048 $tls12 -r --verify-client-cert --x509cafile $certs/ca.pem
for cert in client-rsa2048 client-ec256; do
    get_page "gnutls-serv takes $cert" 0 'verify=ok 200%OK' $ca $(pair $cert)
done
get_page 'gnutls-serv refuses a client without certificate' 3 \
    'the%peer%sent !200%OK' $ca
stop
http server-ec256 $tls12 --x509cafile $certs/ca.pem
get_page 'gnutls-serv asks and goes on without' 0 'verify=ok 200%OK' $ca
stop

# ------------------------------------------------- ALPN and other extensions
http server-ec256 $tls12 -a --alpn http/1.1
get_page 'ALPN with gnutls-serv' 0 'alpn=http/1.1' $ca --alpn h2,http/1.1
stop
cbc=TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
http server-ec256 $every_suite -a
get_page 'encrypt_then_mac with gnutls-serv' 0 "suite=$cbc 200%OK" $ca \
    --suites $cbc
grep -q 'encrypt-then-MAC\|EtM' "$server_log" &&
    pass 'gnutls-serv has seen encrypt_then_mac' ||
    fail 'gnutls-serv has seen encrypt_then_mac' "$(tail -n 20 "$server_log")"
stop
http server-ec256 $every_suite:%NO_ETM -a
get_page 'gnutls-serv without encrypt_then_mac' 0 "suite=$cbc 200%OK" $ca \
    --suites $cbc
stop
http server-ec256 $tls12:%NO_SESSION_HASH -a
get_page 'gnutls-serv without extended_master_secret' 0 \
    'ems=no !resumed=yes 200%OK' $ca --resume 1
stop
http server-ec256 NORMAL:-VERS-ALL:+VERS-TLS1.1 -a
get_page 'gnutls-serv with TLS 1.1 only' 3 'protocol_version !protocol=' $ca
stop
http server-ec256 NORMAL -a
get_page 'gnutls-serv that would speak TLS 1.3' 0 'protocol=TLS1.2' $ca
stop

# --------------------------------------------------------------------- data
head -c 600000 /dev/urandom | base64 > "$dir/big"
for suite in TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 $cbc \
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256; do
    start 'IPv4.*done' gnutls-serv --echo --crlf -p PORT -a --priority \
        $every_suite --x509certfile $certs/server-ec256.pem \
        --x509keyfile $certs/server-ec256.key
    timeout 60 "$tool" client "127.0.0.1:$port" $ca --suites $suite \
        < "$dir/big" > "$dir/got" 2> "$dir/out"
    status=$?
    cmp "$dir/big" "$dir/got" >> "$dir/out" 2>&1 || status=different
    judge "0.8 MB go and come back over $suite" $status 0 "suite=$suite" \
        'gnutls-serv --echo'
    stop
done
finish
