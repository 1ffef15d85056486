# gnutls-cli against our server: every suite, group and kind of certificate;
# resumption, renegotiation, client certificates, ALPN, encrypt_then_mac, no
# extended_master_secret.
. test/interop/common.sh

command -v gnutls-cli > /dev/null || {
    skip 'gnutls-cli' 'no gnutls-cli'
    finish
}

# cli NAME PATTERNS PRIORITY OPTION...: asks for the page.
cli() {
    case_name=$1 case_patterns=$2 priority=$3
    shift 3
    peer "$case_name" "$case_patterns" gnutls-cli -p "$port" --priority \
        "$priority" --x509cafile $certs/ca.pem "$@" localhost
}

# ------------------------------------------------------------------- suites
ours $(pair server-ec256) $(pair server-rsa2048) \
    --suites "$(suites | paste -sd,)"
for suite in $(suites); do
    priority=$(gnutls_priority "$suite")
    if [ -z "$priority" ]; then
        skip "gnutls-cli takes $suite" 'not in its default build'
        continue
    fi
    cli "gnutls-cli takes $suite" \
        "suite=$suite certificate%is%trusted safe%renegotiation" "$priority"
done
stop

# ------------------------------------------------------------------- groups
ours $(pair server-rsa2048)
for group in x25519:X25519 secp256r1:SECP256R1 secp384r1:SECP384R1 \
    secp521r1:SECP521R1; do
    cli "gnutls-cli takes ${group%:*}" "group=${group%:*}" \
        "$tls12:-GROUP-ALL:+GROUP-${group#*:}:-KX-ALL:+ECDHE-RSA"
done
stop
ours $(pair server-rsa2048) --groups secp384r1
cli 'the only group that we take' group=secp384r1 \
    "$tls12:-KX-ALL:+ECDHE-RSA"
stop

# ------------------------------------------------------------- certificates
for cert in server-rsa2048 server-rsa3072 server-pss2048 server-ec256 \
    server-ec384 server-ec521 server-ed25519; do
    ours $(pair $cert)
    cli "gnutls-cli verifies $cert" 'certificate%is%trusted handshakes=1' \
        $tls12
    stop
done
ours --cert $certs/chain-rsa.pem --key $certs/chain-rsa.key
cli 'gnutls-cli verifies our chain' 'certificate%is%trusted handshakes=1' \
    $tls12
stop

# --------------------------------------------------------------- resumption
ours $(pair server-ec256)
cli 'gnutls-cli resumes by id' 'resumed=yes This%is%a%resumed%session' \
    $tls12 --resume --noticket
cli 'the same where tickets are offered' 'resumed=yes' $tls12 --resume
cli 'and with a CBC suite' 'resumed=yes _CBC_' \
    "$(gnutls_priority TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384)" \
    --resume --noticket
stop
ours $(pair server-ec256) --no-resumption
cli '--no-resumption resumes nothing' 'resumed=no !resumed%session' $tls12 \
    --resume --noticket
stop

# ------------------------------------------------------------ renegotiation
ours $(pair server-ec256)
cli 'gnutls-cli asks for a renegotiation' 'handshakes=2' $tls12 --rehandshake
stop
ours $(pair server-ec256) --no-renegotiation
# gnutls-cli asks again and again when it is refused.
patience=3
cli 'gnutls-cli asks and is refused' 'TLS%warning%alert !handshakes=2' \
    $tls12 --rehandshake
patience=
stop
# At the end of its input gnutls-cli says close_notify, too early for this.
hold=1
ours $(pair server-ec256) --renegotiate-after 5
cli 'we ask for a renegotiation' 'handshakes=2' $tls12
stop
ours $(pair server-ec256) --renegotiate-after 5 --client-auth request \
    --ca $certs/ca.pem
cli 'we ask for a certificate and get it' \
    'handshakes=2 client-certificate=CN=Test%Client%RSA verify=ok' $tls12 \
    --x509certfile $certs/client-rsa2048.pem \
    --x509keyfile $certs/client-rsa2048.key
stop
hold=

# -------------------------------------------------------- client certificates
ours $(pair server-rsa2048) --client-auth require --ca $certs/ca.pem
for cert in client-rsa2048 client-ec256; do
    cli "$cert is required and shown" \
        'client-certificate=CN=Test%Client verify=ok' $tls12 \
        --x509certfile $certs/$cert.pem --x509keyfile $certs/$cert.key
done
cli 'a certificate is required and missing' '!handshakes= alert' $tls12
stop
ours $(pair server-ec256) --client-auth request --ca $certs/ca.pem
cli 'a certificate is asked for and missing' client-certificate=none $tls12
stop

# ------------------------------------------------- ALPN and other extensions
ours $(pair server-ec256) --alpn h2,http/1.1
cli 'ALPN: our order decides' alpn=h2 $tls12 --alpn http/1.1 --alpn h2
cli 'ALPN without a common protocol' 'alert !handshakes=' $tls12 --alpn spdy/1
cbc=$(gnutls_priority TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256)
cli 'encrypt_then_mac with gnutls-cli' etm=yes $cbc
cli 'gnutls-cli without encrypt_then_mac' etm=no $cbc:%NO_ETM
cli 'gnutls-cli without extended_master_secret' 'ems=no handshakes=1' \
    $tls12:%NO_SESSION_HASH
cli 'a session without it is resumed (R-KEY-046)' 'ems=no resumed=yes' \
    $tls12:%NO_SESSION_HASH --resume --noticket
cli 'gnutls-cli without safe renegotiation' 'reneg=legacy handshakes=1' \
    $tls12:%DISABLE_SAFE_RENEGOTIATION
patience=3
cli 'which may then not renegotiate' 'TLS%warning%alert !handshakes=2' \
    $tls12:%DISABLE_SAFE_RENEGOTIATION --rehandshake
patience=
cli 'the name that gnutls-cli asks for' servername=localhost $tls12
cli 'no name' servername=none $tls12 --disable-sni
cli 'gnutls-cli with TLS 1.1 only' 'alert !handshakes=' \
    NORMAL:-VERS-ALL:+VERS-TLS1.1
cli 'gnutls-cli that would speak TLS 1.3' protocol=TLS1.2 NORMAL
cli 'small records' protocol=TLS1.2 $tls12 --recordsize 512
stop
ours $(pair server-ec256) --suites TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
cli 'no suite in common' 'alert !handshakes=' \
    "$(gnutls_priority TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)"
stop

# --------------------------------------------------------------------- data
head -c 600000 /dev/urandom | base64 > "$dir/big"
for suite in TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 \
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA \
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256; do
    ours $(pair server-ec256) --mode echo
    timeout 60 gnutls-cli -p "$port" --priority "$(gnutls_priority $suite)" \
        --x509cafile $certs/ca.pem --logfile /dev/null localhost \
        < "$dir/big" > "$dir/got" 2> "$dir/out"
    status=$?
    cat "$server_log" >> "$dir/out"
    cmp "$dir/big" "$dir/got" >> "$dir/out" 2>&1 || status=different
    judge "0.8 MB go and come back over $suite" $status 0 "suite=$suite" \
        'gnutls-cli < big'
    stop
done
finish
