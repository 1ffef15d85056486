# The versions below TLS 1.2 with openssl, in both roles: a full handshake and
# a resumed one for the suites that both have there, client certificates, and
# what is refused.  OpenSSL 3.0 has no SSL 3.0, and wants its security level
# lowered for the rest.
. test/interop/common.sh

weak='ALL:@SECLEVEL=0'

# VERSION NAME: openssl's option and ours.
versions='tls1 1.0
tls1_1 1.1
tls1_2 1.2'

# One suite for each key exchange, cipher and padding rule that all three have.
names='TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
TLS_DHE_RSA_WITH_AES_256_CBC_SHA
TLS_RSA_WITH_AES_128_CBC_SHA
TLS_RSA_WITH_CAMELLIA_256_CBC_SHA'

options() {     # VERSION: what our side needs to speak just that
    echo "--policy compatible --min-version tls$1 --max-version tls$1"
}

echo "$versions" > "$dir/versions"
while read -r theirs ours_is; do
    mine=$(options "$ours_is")
    openssl_server -cert $certs/server-rsa2048.pem -key \
        $certs/server-rsa2048.key "-$theirs" -cipher "$weak" -www || continue
    for suite in $names; do
        client "client, TLS $ours_is, $suite" 0 \
            "protocol=TLS$ours_is suite=$suite resumed=yes verify=ok" \
            --servername localhost --ca $certs/ca.pem $mine \
            --suites "$suite" --resume 1 --request "$page"
    done
    for group in x25519 secp256r1 secp384r1 secp521r1; do
        client "client, TLS $ours_is, $group" 0 \
            "protocol=TLS$ours_is group=$group" --servername localhost \
            --ca $certs/ca.pem $mine --groups "$group" --request "$page"
    done
    client "client, TLS $ours_is against a server of another version" 3 \
        'protocol_version' --servername localhost --ca $certs/ca.pem \
        $(options "$([ "$ours_is" = 1.1 ] && echo 1.0 || echo 1.1)") \
        --request "$page"
    stop

    openssl_server -cert $certs/server-ec256.pem -key \
        $certs/server-ec256.key "-$theirs" -cipher "$weak" -www -Verify 2 \
        -CAfile $certs/ca.pem || continue
    for key in rsa2048 ec256; do
        client "client, TLS $ours_is, ECDSA, its own certificate $key" 0 \
            "protocol=TLS$ours_is ECDHE_ECDSA" --servername localhost \
            --ca $certs/ca.pem $mine --cert $certs/client-$key.pem \
            --key $certs/client-$key.key --request "$page"
    done
    stop

    ours --cert $certs/server-rsa2048.pem --key $certs/server-rsa2048.key \
        $mine || continue
    for cipher in ECDHE-RSA-AES256-SHA DHE-RSA-AES128-SHA AES256-SHA; do
        hold=1 peer "server, TLS $ours_is, $cipher" \
            'Verify%return%code:%0%(ok) HTTP/1.0%200' \
            openssl s_client -connect "127.0.0.1:$port" "-$theirs" -cipher \
            "$cipher:@SECLEVEL=0" -CAfile $certs/ca.pem -ign_eof -nocommands
    done
    stop

    ours --cert $certs/server-ec256.pem --key $certs/server-ec256.key $mine \
        --client-auth require --ca $certs/ca.pem || continue
    for key in rsa2048 ec256; do
        hold=1 peer "server, TLS $ours_is, ECDSA, the client's certificate $key" \
            'Verify%return%code:%0%(ok) HTTP/1.0%200' \
            openssl s_client -connect "127.0.0.1:$port" "-$theirs" -cipher \
            "$weak" -CAfile $certs/ca.pem -ign_eof -nocommands \
            -cert $certs/client-$key.pem -key $certs/client-$key.key
    done
    stop
done < "$dir/versions"

finish
