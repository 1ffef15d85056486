# openssl s_client against our server: every suite, group and kind of
# certificate; resumption, renegotiation asked for by either side, client
# certificates, ALPN, encrypt_then_mac, SNI; many clients at once; and that
# the server goes on after every kind of failure.
. test/interop/common.sh

command -v openssl > /dev/null || {
    skip 'openssl s_client' 'no openssl'
    finish
}
openssl ciphers -stdname 'ALL:@SECLEVEL=0' > "$dir/ciphers"

openssl_name() {
    awk -v name="$1" '$1 == name { print $3 }' "$dir/ciphers"
}

# s_client NAME PATTERNS OPTION...: asks for the page.
s_client() {
    case_name=$1 case_patterns=$2
    shift 2
    peer "$case_name" "$case_patterns" openssl s_client -connect \
        "127.0.0.1:$port" -tls1_2 -ign_eof -nocommands \
        -CAfile $certs/ca.pem "$@"
}

# The same with commands: the input is a pipe that NAME's lines go down.
typed() {       # NAME STATUS PATTERNS LINE OPTION...
    case_name=$1 case_status=$2 case_patterns=$3 line=$4
    shift 4
    rm -f "$dir/keys"
    mkfifo "$dir/keys"
    exec 9<> "$dir/keys"
    : > "$dir/out"
    timeout 40 openssl s_client -connect "127.0.0.1:$port" -tls1_2 \
        -CAfile $certs/ca.pem "$@" >> "$dir/out" 2>&1 < "$dir/keys" 9>&- &
    typist=$!
    until_says 'Verify return code' "$dir/out"
    [ -z "$line" ] || {
        echo "$line" >&9
        until_says RENEGOTIATING "$dir/out"
    }
    printf "$page" >&9
    until_says handshakes= "$dir/out"
    exec 9>&-
    wait $typist
    judge "$case_name" $? "$case_status" "$case_patterns" \
        "openssl s_client -connect 127.0.0.1:$port -tls1_2 $*"
}
until_says() {  # PATTERN FILE: at most six seconds
    tries=0
    until grep -q "$1" "$2" || [ $tries -gt 150 ]; do
        tries=$((tries + 1))
        sleep 0.04
    done
}

# ------------------------------------------------------------------- suites
ours $(pair server-ec256) $(pair server-rsa2048) \
    --suites "$(suites | paste -sd,)"
for suite in $(suites); do
    name=$(openssl_name "$suite")
    if [ -z "$name" ]; then
        skip "s_client takes $suite" 'this openssl has no such suite'
        continue
    fi
    s_client "s_client takes $suite" \
        "suite=$suite Verify%return%code:%0 Cipher%is%$name reneg=secure" \
        -cipher "$name:@SECLEVEL=0"
done
stop
ours $(pair server-ec256) $(pair server-rsa2048)
s_client 'a client that prefers RSA gets forward secrecy' \
    'suite=TLS_ECDHE_' -cipher AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256
s_client 'static RSA is not in the policy default' 'handshake%failure' \
    -cipher AES128-GCM-SHA256
stop
ours $(pair server-ec256) $(pair server-rsa2048) --policy compatible
s_client 'static RSA is in the policy compatible' \
    'suite=TLS_RSA_WITH_AES_128_GCM_SHA256' -cipher AES128-GCM-SHA256
stop

# ------------------------------------------------------------------- groups
for group in x25519:X25519 secp256r1:P-256 secp384r1:P-384 \
    secp521r1:P-521; do
    ours $(pair server-ec256) $(pair server-rsa2048) --groups ${group%:*}
    for kind in ECDSA RSA; do
        s_client "s_client takes ${group%:*} with $kind" \
            "group=${group%:*} _${kind}_" \
            -cipher ECDHE-$kind-AES128-GCM-SHA256
    done
    stop
done
ours $(pair server-rsa2048)
for group in x25519:X25519 secp256r1:P-256 secp384r1:P-384 \
    secp521r1:P-521; do
    s_client "we take ${group%:*}, all that s_client has" \
        "group=${group%:*}" -groups ${group#*:} \
        -cipher ECDHE-RSA-AES128-GCM-SHA256
done
stop
ours $(pair server-rsa2048) --groups secp521r1 --suites \
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
s_client 'the only group that we take' group=secp521r1
s_client 'no group in common' 'handshake%failure' -groups X25519
stop

# ------------------------------------------------------------- certificates
for cert in server-rsa2048 server-rsa3072 server-pss2048 server-ec256 \
    server-ec384 server-ec521 server-ed25519; do
    ours $(pair $cert)
    s_client "s_client verifies $cert" 'Verify%return%code:%0 group=' \
        -verify_return_error -verify_hostname localhost
    stop
done
ours --cert $certs/chain-rsa.pem --key $certs/chain-rsa.key
s_client 's_client verifies our chain' 'Verify%return%code:%0 group=' \
    -verify_return_error
stop
ours --cert $certs/chain-rsa-root.pem --key $certs/chain-rsa.key
s_client 'the same with the root in the file' \
    'Verify%return%code:%0 group=' -verify_return_error
stop

# --------------------------------------------------------------- resumption
ours $(pair server-ec256)
openssl s_client -connect "127.0.0.1:$port" -tls1_2 -no_ticket -reconnect \
    -CAfile $certs/ca.pem > "$dir/out" 2>&1 < /dev/null
judge 's_client -reconnect resumes five times' \
    "$(grep -c '^Reused' "$dir/out")" 5 '' 'openssl s_client -reconnect'
s_client 'a session is saved' 'resumed=no' -no_ticket -sess_out "$dir/session"
s_client 'and resumed by another process' 'resumed=yes Reused' -no_ticket \
    -sess_in "$dir/session"
s_client 'tickets offered to us do no harm' 'resumed=no' \
    -sess_out "$dir/session2"
s_client 'a session of another name is not resumed' resumed=no -no_ticket \
    -sess_in "$dir/session" -servername example.test
stop
ours $(pair server-ec256) --no-resumption
openssl s_client -connect "127.0.0.1:$port" -tls1_2 -no_ticket -reconnect \
    -CAfile $certs/ca.pem > "$dir/out" 2>&1 < /dev/null
judge '--no-resumption resumes nothing' "$(grep -c '^Reused' "$dir/out")" 0 \
    '' 'openssl s_client -reconnect'
stop

# ------------------------------------------------------------ renegotiation
ours $(pair server-ec256)
typed 's_client asks for a renegotiation' 0 'handshakes=2 reneg=secure' R
typed 'the same with a CBC suite' 0 'handshakes=2 CBC' R \
    -cipher ECDHE-ECDSA-AES128-SHA256
stop
ours $(pair server-ec256) --no-renegotiation
# openssl ends the connection when it is refused; we had not.
typed 's_client asks and is refused' 1 'no%renegotiation !handshakes=' R
stop
for suite in ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES256-SHA384 \
    ECDHE-ECDSA-CHACHA20-POLY1305; do
    ours $(pair server-ec256) --renegotiate-after 5
    s_client "we ask for a renegotiation, $suite" 'handshakes=2' \
        -cipher $suite
    stop
done
ours $(pair server-ec256) --renegotiate-after 5 --client-auth request \
    --ca $certs/ca.pem
s_client 'we ask for a certificate that s_client has not' \
    'handshakes=2 client-certificate=none'
s_client 'we ask for a certificate and get it' \
    'handshakes=2 client-certificate=CN=Test%Client%RSA verify=ok' \
    -cert $certs/client-rsa2048.pem -key $certs/client-rsa2048.key
s_client 's_client refuses to renegotiate and is answered all the same' \
    'handshakes=1' -no_renegotiation
stop

# -------------------------------------------------------- client certificates
ours $(pair server-rsa2048) --client-auth require --ca $certs/ca.pem
for cert in client-rsa2048 client-ec256; do
    s_client "$cert is required and shown" \
        'client-certificate=CN=Test%Client verify=ok' \
        -cert $certs/$cert.pem -key $certs/$cert.key
done
s_client 'a certificate is required and missing' '!handshakes= alert'
s_client 'a certificate of another CA is refused' '!handshakes= alert' \
    -cert $certs/server-unrelated.pem -key $certs/server-rsa2048.key
s_client 'a session with a certificate is kept' resumed=no -no_ticket \
    -cert $certs/client-ec256.pem -key $certs/client-ec256.key \
    -sess_out "$dir/session"
s_client 'and still has it when resumed' \
    'resumed=yes client-certificate=CN=Test%Client' -no_ticket \
    -sess_in "$dir/session"
stop
ours $(pair server-rsa2048) --client-auth request --ca $certs/ca.pem
s_client 'a certificate is asked for and missing' client-certificate=none
stop
ours $(pair server-rsa2048) --client-auth request
s_client 'without --ca a certificate is not judged' \
    'client-certificate=CN=localhost verify=not%checked' \
    -cert $certs/server-unrelated.pem -key $certs/server-rsa2048.key
stop

# ------------------------------------------------- ALPN, EtM, SNI, versions
ours $(pair server-ec256) --alpn h2,http/1.1
s_client 'ALPN: our order decides' 'alpn=h2 ALPN%protocol:%h2' \
    -alpn http/1.1,h2
s_client 'ALPN of one side only' alpn=none
s_client 'ALPN without a common protocol' 'no%application%protocol' \
    -alpn spdy/1
cbc='-cipher ECDHE-ECDSA-AES128-SHA256'
s_client 'encrypt_then_mac with s_client' etm=yes $cbc
s_client 's_client without encrypt_then_mac' etm=no $cbc -no_etm
s_client 'the name that s_client asks for' servername=example.test \
    -servername example.test
s_client 'no name' servername=none -noservername
s_client 'a fragmented hello' 'protocol=TLS1.2' -max_send_frag 512
stop
ours $(pair server-ec256)
peer 's_client with TLS 1.1 only' 'protocol%version' openssl s_client \
    -connect "127.0.0.1:$port" -tls1_1 -cipher ALL:@SECLEVEL=0 -ign_eof
peer 's_client that would speak TLS 1.3' 'protocol=TLS1.2' openssl s_client \
    -connect "127.0.0.1:$port" -ign_eof -nocommands
s_client 's_client refuses our certificate' '!handshakes=' \
    -verify_return_error -no-CAfile -CAfile $certs/other-ca.pem
s_client 'and the next one is served' handshakes=1

# ---------------------------------------------------- nothing stops the server
printf 'GET / HTTP/1.0\r\n\r\n' > "$dir/plain"
head -c 5000 /dev/urandom > "$dir/noise"
for file in plain noise; do
    timeout 10 openssl s_client -connect "127.0.0.1:$port" -tls1_2 \
        -starttls xmpp > /dev/null 2>&1 < "$dir/$file"
    s_client "served after $file bytes" handshakes=1
done
: > "$dir/marks"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    { printf "$page" | timeout 40 openssl s_client -connect \
        "127.0.0.1:$port" -tls1_2 -ign_eof -nocommands 2>&1 |
        grep handshakes=1 >> "$dir/marks"; } &
    waiting="${waiting:-} $!"
done
wait $waiting
cp "$dir/marks" "$dir/out"
judge 'twelve clients at once' "$(wc -l < "$dir/marks")" 12 '' \
    'twelve times openssl s_client'
stop

# --------------------------------------------------------------------- data
head -c 900000 /dev/urandom | base64 > "$dir/big"
size=$(wc -c < "$dir/big")
for suite in ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA \
    ECDHE-ECDSA-CHACHA20-POLY1305; do
    ours $(pair server-ec256) --mode sink --accept 1
    timeout 40 openssl s_client -connect "127.0.0.1:$port" -tls1_2 -quiet \
        -no_ign_eof -nocommands -cipher $suite < "$dir/big" > "$dir/out" 2>&1
    wait ${pids##* }
    status=$?
    cat "$server_log" >> "$dir/out"
    judge "1.2 MB reach our sink over $suite" $status 0 "received=$size" \
        'openssl s_client < big'
    pids=
done
rm -f "$dir/ours" "$dir/theirs"
ours $(pair server-ec256) --keylog "$dir/ours"
s_client 'a connection with a key log' handshakes=1 -keylogfile "$dir/theirs"
stop
if [ "$(grep CLIENT_RANDOM "$dir/theirs")" = \
    "$(grep CLIENT_RANDOM "$dir/ours")" ] && [ -s "$dir/ours" ]; then
    pass 'our key log says what openssl says'
else
    fail 'our key log says what openssl says' "$(cat "$dir/ours")" \
        "$(cat "$dir/theirs")"
fi
finish
