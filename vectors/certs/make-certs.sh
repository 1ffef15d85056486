#!/bin/sh
# make-certs.sh makes every test certificate and key of this folder with the
# openssl command (3.0 or later).
#
#   make-certs.sh [DIRECTORY]       default: the folder of the script
#
# It was run once and its output is committed: tests must see the same bytes
# everywhere.  Run it again only to change the set, and commit all files
# together.  The keys are test keys, known to the whole world.
#
# `openssl x509` of 3.0 cannot set a start date, `openssl ca` can; so every
# certificate, self-signed ones included, is made by `openssl ca` with fixed
# serial numbers and fixed dates.
set -eu

cd "${1:-$(dirname "$0")}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

from=20200101000000Z
to=20491231235959Z
serial=4096

cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = this
[this]
database = $work/index.txt
new_certs_dir = $work
serial = $work/serial
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
[any]
commonName = supplied
organizationName = optional
[req]
distinguished_name = dn
[dn]
CNF

names="DNS:localhost,DNS:example.test,DNS:*.wild.example.test"
names="$names,IP:127.0.0.1,IP:::1"

# ------------------------------------------------------------------- pieces
# key NAME ALGORITHM [PKEYOPT...]: a PKCS#8 key in NAME.key
key() {
    name=$1 algorithm=$2
    shift 2
    set -- $(for o; do echo "-pkeyopt $o"; done)
    openssl genpkey -quiet -algorithm "$algorithm" "$@" -out "$name.key"
}

rsa() { key "$1" RSA "rsa_keygen_bits:$2"; }
ec()  { key "$1" EC "ec_paramgen_curve:$2" ec_param_enc:named_curve; }

# cert NAME KEY ISSUER CN PROFILE [MD [FROM [TO]]]: NAME.pem for KEY.key,
# signed by ISSUER.pem and ISSUER.key; ISSUER "self" signs itself.  PROFILE is
# the text of the extension section.
cert() {
    name=$1 key=$2 issuer=$3 cn=$4 profile=$5
    md=${6:-sha256} start=${7:-$from} end=${8:-$to}
    # Ed25519 knows no separate digest.
    case $issuer:$key in self:*ed25519 | *ed25519:*) md=null ;; esac

    serial=$((serial + 1))
    printf '%04X\n' "$serial" > "$work/serial"
    : > "$work/index.txt"
    printf '[ext]\n%s\n' "$profile" > "$work/ext"
    openssl req -new -config "$work/ca.cnf" -key "$key.key" \
        -subj "/O=Tomchannel Test/CN=$cn" -out "$work/csr"
    if [ "$issuer" = self ]; then
        set -- -selfsign -keyfile "$key.key"
    else
        set -- -cert "$issuer.pem" -keyfile "${issuer_key:-$issuer}.key"
    fi
    openssl ca -config "$work/ca.cnf" -batch -notext -preserveDN \
        -md "$md" -startdate "$start" -enddate "$end" \
        -extfile "$work/ext" -extensions ext \
        -in "$work/csr" -out "$name.pem" "$@" 2> "$work/log" ||
        { cat "$work/log" >&2; exit 1; }
}

ids='subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'
root='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'
sub_ca="basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
$ids"

# leaf EKU KEYUSAGE SAN: an end-entity profile
leaf() {
    printf 'basicConstraints=critical,CA:FALSE\n'
    printf 'keyUsage=critical,%s\n' "$2"
    printf 'extendedKeyUsage=%s\n' "$1"
    [ -z "$3" ] || printf 'subjectAltName=%s\n' "$3"
    printf '%s\n' "$ids"
}
sign=digitalSignature
both=digitalSignature,keyEncipherment
tls_server=$(leaf serverAuth $both "$names")
tls_server_sign=$(leaf serverAuth $sign "$names")
tls_client=$(leaf clientAuth $both email:client@example.test)
tls_client_sign=$(leaf clientAuth $sign email:client@example.test)

# -------------------------------------------------------------- authorities
rsa ca 2048
cert ca ca self "Tomchannel Test Root CA" "$root"
rsa other-ca 2048
cert other-ca other-ca self "Tomchannel Test Unrelated CA" "$root"
ec ca-ec256 P-256
cert ca-ec256 ca-ec256 self "Tomchannel Test EC Root CA" "$root"
rsa intermediate 2048
cert intermediate intermediate ca "Tomchannel Test Intermediate CA" "$sub_ca"

# -------------------------------------------------------------- good servers
rsa server-rsa2048 2048
cert server-rsa2048 server-rsa2048 ca localhost "$tls_server"
rsa server-rsa3072 3072
cert server-rsa3072 server-rsa3072 ca localhost "$tls_server"
key server-pss2048 RSA-PSS rsa_keygen_bits:2048
cert server-pss2048 server-pss2048 ca localhost "$tls_server_sign"
for curve in 256 384 521; do
    ec "server-ec$curve" "P-$curve"
    cert "server-ec$curve" "server-ec$curve" ca localhost "$tls_server_sign"
done
cert server-ec256-ecca server-ec256 ca-ec256 localhost "$tls_server_sign"
key server-ed25519 ED25519
cert server-ed25519 server-ed25519 ca localhost "$tls_server_sign"

rsa chain-rsa 2048
cert chain-leaf chain-rsa intermediate localhost "$tls_server"
cat chain-leaf.pem intermediate.pem > chain-rsa.pem
cat chain-leaf.pem intermediate.pem ca.pem > chain-rsa-root.pem

# ------------------------------------------------------------------- clients
rsa client-rsa2048 2048
cert client-rsa2048 client-rsa2048 ca "Test Client RSA" "$tls_client"
ec client-ec256 P-256
cert client-ec256 client-ec256 ca "Test Client EC" "$tls_client_sign"

# ----------------------------- refused for one reason each; good in the rest
# All of these use the key server-rsa2048.key unless they have one of their own.
k=server-rsa2048
cert server-expired $k ca localhost "$tls_server" sha256 \
    20200101000000Z 20210101000000Z
cert server-notyet $k ca localhost "$tls_server" sha256 \
    20490101000000Z 20491231235959Z
cert server-wrongname $k ca other.test \
    "$(leaf serverAuth $both DNS:other.test,IP:192.0.2.1)"
cert server-cnonly $k ca localhost "$(leaf serverAuth $both '')"
cert server-wrongeku $k ca localhost "$(leaf clientAuth $both "$names")"
cert server-wrongku $k ca localhost "$(leaf serverAuth cRLSign "$names")"
cert server-unrelated $k other-ca localhost "$tls_server"
cert server-selfsigned $k self localhost "$tls_server"
cert server-sha1 $k ca localhost "$tls_server" sha1
cert server-critical $k ca localhost "$tls_server
1.3.6.1.4.1.99999.1=critical,ASN1:UTF8String:unknown"

# A leaf that signs: server-rsa2048 is no CA.
issuer_key=server-rsa2048
cert leafca-leaf client-rsa2048 server-rsa2048 localhost "$tls_server"
issuer_key=
cat leafca-leaf.pem server-rsa2048.pem > leafca-chain.pem

# Weak or old keys.
rsa server-rsa1024 1024
cert server-rsa1024 server-rsa1024 ca localhost "$tls_server"
rsa server-rsa512 512
cert server-rsa512 server-rsa512 ca localhost "$tls_server"
openssl genpkey -quiet -genparam -algorithm DSA \
    -pkeyopt dsa_paramgen_bits:2048 -pkeyopt dsa_paramgen_q_bits:256 \
    -out "$work/dsa"
openssl genpkey -quiet -paramfile "$work/dsa" -out server-dsa2048.key
cert server-dsa2048 server-dsa2048 ca localhost "$tls_server_sign"

# --------------------------------------------------- the same in other forms
openssl pkey -in server-rsa2048.key -traditional -out server-rsa2048-pkcs1.key
openssl pkey -in server-ec256.key -traditional -out server-ec256-sec1.key
{
    openssl ecparam -name P-256
    cat server-ec256-sec1.key
} > server-ec256-sec1-params.key
openssl pkcs8 -topk8 -in server-rsa2048.key -passout pass:tomchannel \
    -out server-rsa2048-encrypted.key
for name in ca server-rsa2048 server-ec256; do
    openssl x509 -in $name.pem -outform DER -out $name.der
done
for name in server-rsa2048 server-ec256 server-ed25519; do
    openssl pkcs8 -topk8 -nocrypt -in $name.key -outform DER \
        -out $name-key.der
done
# openssl writes PKCS#1 and SEC1 as PEM only; their DER is the PEM's body.
for name in server-rsa2048-pkcs1 server-ec256-sec1; do
    grep -v -e '^-----' $name.key | base64 -d > $name.der
done
chmod 644 -- *.key *.pem *.der
