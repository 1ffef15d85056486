# The command line: help, version, wrong options, lists; and the demonstration.
. test/command/common.sh

run 'help lists the commands' 0 'demo server client suites states' --help
run 'version' 0 tomchannel%0. --version
run 'no command is wrong usage' 1 usage:
run 'an unknown command is wrong usage' 1 "no%command" nonsense
for command in demo server client suites states; do
    run "$command --help" 0 "usage:%tomchannel%$command --version" \
        $command --help
    run "$command --version" 0 tomchannel%0. $command --version
    run "$command with an unknown option" 1 'unknown%option --help' \
        $command --nonsense
done
for option in --port --bind --cert --key --ca --client-auth --min-version \
    --max-version --suites --groups --alpn --no-resumption \
    --no-renegotiation --renegotiate-after --mode --accept --keylog --quiet
do
    run "server has $option" 0 " $option" server --help
done
for option in --servername --ca --insecure --cert --key --min-version \
    --max-version --suites --groups --alpn --request --renegotiate \
    --no-renegotiation --resume --keylog --quiet; do
    run "client has $option" 0 " $option" client --help
done

run 'a value is missing' 1 'needs%a%value' client localhost:1 --ca
run 'a value too many' 1 'takes%no%value' client localhost:1 --quiet=yes
run 'a choice that is none' 1 'none%of' client localhost:1 --min-version 1.2
run 'a number that is none' 1 'not%a%number' server --port http
run 'a number too great' 1 'not%a%number' server --port 65536
run 'an operand too many' 1 'not%expected' client localhost:1 localhost:2
run 'no HOST:PORT' 1 'is%missing' client
run 'HOST without a port' 1 'not%HOST:PORT' client localhost
run 'a bare IPv6 address' 1 'not%HOST:PORT' client ::1:443
run 'no port' 1 '--port%is%missing' server
run 'no certificate' 1 '--cert%is%missing' server --port 0
run 'versions the wrong way round' 1 'is%above' client localhost:1 \
    --min-version tls1.2 --max-version tls1.1
run 'a certificate that is not there' 1 'cannot%use' server --port 0 \
    --cert "$dir/none"
run 'a key of another certificate' 1 'cannot%use' server --port 0 \
    --cert $certs/server-ec256.pem --key $certs/server-rsa2048.key
run 'an encrypted key' 1 'cannot%use' server --port 0 \
    --cert $certs/server-rsa2048.pem --key $certs/server-rsa2048-encrypted.key
run 'a key too many' 1 'needs%a%--key' server --port 0 \
    --cert $certs/server-ec256.pem --key $certs/server-ec256.key \
    --key $certs/server-ec256.key
run 'both about renegotiation' 1 exclude server --port 0 \
    $(pair server-ec256) --renegotiate-after 1 --no-renegotiation
run 'an unknown suite' 1 'cannot%be%used' client localhost:1 --suites TLS_NO
run 'an unknown group' 1 'cannot%be%used' client localhost:1 --groups x
run 'authorities that are not there' 1 'cannot%read' client localhost:1 \
    --ca "$dir/none"
run 'an address that is not ours' 2 'cannot%listen' server --port 0 \
    --bind 192.0.2.1 $(pair server-ec256)

# ------------------------------------------------------------------- lists
run 'suites' 0 '0xC02B%%TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 TLS1.2' suites
run 'suites of a policy' 0 0x009C%%TLS_RSA_WITH suites --policy compatible
run 'all suites' 0 built suites --all
run 'states' 0 'client_hello server_key_exchange change_cipher_spec' states
run 'states for Graphviz' 0 'digraph client_hello ->' states --dot
"$tool" states --dot > "$dir/dot"
if [ "$(grep -c '{' "$dir/dot")" -eq "$(grep -c '}' "$dir/dot")" ]; then
    pass 'the graph is closed'
else
    fail 'the graph is closed' "$(cat "$dir/dot")"
fi

# ------------------------------------------------------------------- demo
run 'the demonstration' 0 'SEC_I_CONTINUE_NEEDED SECBUFFER_EXTRA
    SEC_E_INCOMPLETE_MESSAGE SECBUFFER_MISSING SEC_I_RENEGOTIATE
    SEC_I_CONTEXT_EXPIRED SEC_I_INCOMPLETE_CREDENTIALS !FAILED
    all%as%they%were%sent protocol=TLS1.2 verify=ok reneg=secure' demo
(cd / && exec "$OLDPWD/$tool" demo) > "$dir/out" 2>&1 ||
    (cd / && exec "$tool" demo) > "$dir/out" 2>&1
verdict 'it needs no file of the source tree' $? 0 protocol=TLS1.2
awk 'length($0) > 100 && !/^demo:/ { print; bad = 1 } END { exit bad }' \
    "$dir/out"
verdict 'its lines are short' $? 0 ''
finish
