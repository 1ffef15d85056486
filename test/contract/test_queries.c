/*
 * Contract section 18, cases F: attributes, package memory, packages, the
 * function tables. F2 is test_headers and the tree's header test. The rules
 * are sections 2.3, 4 and 11.
 */

#include "test/contract/support_ends.h"

#include <wchar.h>

#include "crypto-glue/hash.h"

#define GCM "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"

static struct end c, s;

static void connect_with(const char *cert, const char *key)
{
    PCCERT_CONTEXT k = load_cert(cert, key);
    SCHANNEL_CRED cred;
    TCH_SSPI_OPTIONS o;

    memset(&c, 0, sizeof c);
    memset(&s, 0, sizeof s);
    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.cCreds = 1;
    cred.paCred = &k;
    cred.dwFlags = SCH_SEND_ROOT_CERT;
    assert_status(acquire(&c, false, SCH_CRED_MANUAL_CRED_VALIDATION, NULL),
                  SEC_E_OK);
    assert_status(acquire_with(&s, true, &cred), SEC_E_OK);
    CertFreeCertificateContext(k);
    memset(&o, 0, sizeof o);
    o.pszSuites = GCM;
    set_options(&c, &o);
    set_options(&s, &o);
    connect_pair(&c, &s);
}

static int set_up(void **state)
{
    (void)state;
    connect_with("server-rsa2048", NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

static void f1_a_deleted_context_answers_nothing(void **state)
{
    SecPkgContext_StreamSizes z;

    (void)state;
    assert_status(DeleteSecurityContext(&c.ctx), SEC_E_OK);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                          &z),
                  SEC_E_INVALID_HANDLE);
    assert_status(DeleteSecurityContext(&c.ctx), SEC_E_OK);
    c.has_ctx = false;
}

static void f3_only_package_memory_is_freed(void **state)
{
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = { 0, 1, &out };
    CtxtHandle h;
    void *token;
    int local;

    (void)state;
    assert_status(FreeContextBuffer(NULL), SEC_E_OK);
    assert_status(FreeContextBuffer(&local), SEC_E_INVALID_HANDLE);
    assert_status(InitializeSecurityContextA(&c.cred, NULL, NULL, ISC_USUAL, 0,
                                             0, NULL, 0, &h, &desc, NULL,
                                             NULL),
                  SEC_I_CONTINUE_NEEDED);
    token = out.pvBuffer;
    assert_status(FreeContextBuffer(token), SEC_E_OK);
    assert_status(FreeContextBuffer(token), SEC_E_INVALID_HANDLE);
    assert_status(DeleteSecurityContext(&h), SEC_E_OK);
}

/* The 2-byte width is asked for in test/unit/sspi/test_wide16.c. */
static void f4_cipher_info_of_c030(void **state)
{
    SecPkgContext_CipherInfo i;
    SecPkgContext_ConnectionInfoEx ex;

    (void)state;
    memset(&i, 0xEE, sizeof i);
    i.dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
    assert_status(QueryContextAttributesW(&c.ctx, SECPKG_ATTR_CIPHER_INFO, &i),
                  SEC_E_OK);
    assert_int_equal(i.dwProtocol, 0x0303);
    assert_int_equal(i.dwCipherSuite, 0xC030);
    assert_int_equal(i.dwBaseCipherSuite, 0xC030);
    assert_int_equal(wcscmp(i.szCipherSuite,
                            L"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                     0);
    assert_int_equal(wcscmp(i.szCipher, L"AES"), 0);
    assert_int_equal(i.dwCipherLen, 256);
    assert_int_equal(i.dwCipherBlockLen, 16);
    assert_int_equal(wcscmp(i.szHash, L""), 0);
    assert_int_equal(i.dwHashLen, 0);
    assert_int_equal(wcscmp(i.szExchange, L"ECDH"), 0);
    assert_int_equal(i.dwMinExchangeLen, 0);
    assert_int_equal(i.dwMaxExchangeLen, 65536);
    assert_int_equal(wcscmp(i.szCertificate, L"RSA"), 0);
    assert_true(i.dwKeyType == 0x1D || i.dwKeyType == 0x17);
    assert_status(QueryContextAttributesExA(&c.ctx, SECPKG_ATTR_CIPHER_INFO,
                                            &i, sizeof i - 1),
                  SEC_E_BUFFER_TOO_SMALL);
    assert_status(QueryContextAttributesExA(
                      &c.ctx, SECPKG_ATTR_CONNECTION_INFO_EX, &ex, sizeof ex),
                  SEC_E_OK);
    assert_int_equal(ex.dwCipherStrength, 256);
    assert_int_equal(wcscmp(ex.szExchange, L"ECDH"), 0);
}

/* SHA-256 of the certificate, which openssl prints as its fingerprint. */
static void fingerprint(PCCERT_CONTEXT cert, uint8_t out[32])
{
    DWORD len = 32;

    assert_true(CertGetCertificateContextProperty(
        cert, CERT_SHA256_HASH_PROP_ID, out, &len));
    assert_int_equal(len, 32);
}

static void check_bindings(struct end *e, ULONG attribute, const char *prefix,
                           const uint8_t *data, size_t data_len)
{
    SecPkgContext_Bindings b;
    const uint8_t *p;

    assert_status(QueryContextAttributesA(&e->ctx, attribute, &b), SEC_E_OK);
    assert_int_equal(b.BindingsLength, 32 + strlen(prefix) + data_len);
    for (size_t i = 0; i < 24; i++) {
        assert_int_equal(((uint8_t *)b.Bindings)[i], 0);
    }
    assert_int_equal(b.Bindings->cbApplicationDataLength,
                     strlen(prefix) + data_len);
    assert_int_equal(b.Bindings->dwApplicationDataOffset, 32);
    p = (const uint8_t *)b.Bindings + 32;
    assert_memory_equal(p, prefix, strlen(prefix));
    if (data != NULL) {
        assert_memory_equal(p + strlen(prefix), data, data_len);
    }
    assert_status(FreeContextBuffer(b.Bindings), SEC_E_OK);
}

static void f5_bindings(void **state)
{
    static const struct {
        const char *cert;
        const char *key;
    } rows[] = { { "server-rsa2048", NULL },
                 { "server-sha1", "server-rsa2048" } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        PCCERT_CONTEXT cert = load_cert(rows[i].cert, rows[i].key);
        SecPkgContext_Bindings u1, u2;
        uint8_t hash[32];

        clear_pair(&c, &s);
        connect_with(rows[i].cert, rows[i].key);
        fingerprint(cert, hash);
        CertFreeCertificateContext(cert);
        check_bindings(&c, SECPKG_ATTR_ENDPOINT_BINDINGS,
                       "tls-server-end-point:", hash, 32);
        check_bindings(&s, SECPKG_ATTR_ENDPOINT_BINDINGS,
                       "tls-server-end-point:", hash, 32);
        check_bindings(&c, SECPKG_ATTR_UNIQUE_BINDINGS, "tls-unique:", NULL,
                       12);
        assert_status(QueryContextAttributesA(
                          &c.ctx, SECPKG_ATTR_UNIQUE_BINDINGS, &u1),
                      SEC_E_OK);
        assert_status(QueryContextAttributesA(
                          &s.ctx, SECPKG_ATTR_UNIQUE_BINDINGS, &u2),
                      SEC_E_OK);
        assert_int_equal(u1.BindingsLength, 55);
        assert_memory_equal(u1.Bindings, u2.Bindings, 55);
        assert_status(FreeContextBuffer(u1.Bindings), SEC_E_OK);
        assert_status(FreeContextBuffer(u2.Bindings), SEC_E_OK);
    }
}

static void f6_key_info_and_connection_info(void **state)
{
    SecPkgContext_KeyInfoA key;
    SecPkgContext_KeyInfoW wide;
    SecPkgContext_ConnectionInfo info;
    BYTE some[64];

    (void)state;
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_KEY_INFO, &key),
                  SEC_E_OK);
    assert_string_equal(key.sSignatureAlgorithmName, "RSA");
    assert_string_equal(key.sEncryptAlgorithmName, "AES");
    assert_int_equal(key.SignatureAlgorithm, CALG_RSA_SIGN);
    assert_int_equal(key.EncryptAlgorithm, CALG_AES_256);
    assert_true(key.KeySize >= 128);
    assert_status(FreeContextBuffer(key.sSignatureAlgorithmName), SEC_E_OK);
    assert_status(FreeContextBuffer(key.sEncryptAlgorithmName), SEC_E_OK);
    assert_status(QueryContextAttributesW(&c.ctx, SECPKG_ATTR_KEY_INFO, &wide),
                  SEC_E_OK);
    assert_int_equal(wcscmp(wide.sSignatureAlgorithmName, L"RSA"), 0);
    assert_status(FreeContextBuffer(wide.sSignatureAlgorithmName), SEC_E_OK);
    assert_status(FreeContextBuffer(wide.sEncryptAlgorithmName), SEC_E_OK);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_NEGOTIATION_INFO,
                                          some),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_KEY_INFO, NULL),
                  SEC_E_INTERNAL_ERROR);
    assert_status(QueryContextAttributesA(
                      &c.ctx, SECPKG_ATTR_CONNECTION_INFO, &info),
                  SEC_E_OK);
    assert_int_equal(info.dwProtocol, 0x800);
    assert_int_equal(info.aiCipher, CALG_AES_256);
    assert_int_equal(info.dwCipherStrength, 256);
    assert_int_equal(info.aiHash, 0);
    assert_int_equal(info.dwHashStrength, 0);
    assert_int_equal(info.aiExch, 0xAE06);
    assert_true(info.dwExchStrength == 255 || info.dwExchStrength == 256);
    assert_status(QueryContextAttributesA(
                      &s.ctx, SECPKG_ATTR_CONNECTION_INFO, &info),
                  SEC_E_OK);
    assert_int_equal(info.dwProtocol, 0x400);
}

/* Three certificates, enumerated leaf first. */
static void f7_the_peers_chain_is_a_store(void **state)
{
    PCCERT_CONTEXT leaf = NULL, again = NULL, at = NULL;
    HCERTSTORE store;
    bool seen = false;
    int num = 0;

    (void)state;
    clear_pair(&c, &s);
    connect_with("chain-rsa-root", "chain-rsa");
    assert_status(QueryContextAttributesA(
                      &c.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &leaf),
                  SEC_E_OK);
    assert_status(QueryContextAttributesW(
                      &c.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &again),
                  SEC_E_OK);
    assert_ptr_equal(leaf, again);
    assert_true(CertFreeCertificateContext(again));
    store = leaf->hCertStore;
    assert_non_null(store);
    clear_pair(&c, &s); /* the certificates stay */
    while ((at = CertEnumCertificatesInStore(store, at)) != NULL) {
        assert_true(num > 0 || at == leaf);
        seen |= at == leaf;
        num++;
    }
    assert_int_equal(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    assert_int_equal(num, 3);
    assert_true(seen);
    assert_true(CertFreeCertificateContext(leaf));
    assert_null(CertEnumCertificatesInStore(store, NULL)); /* gone */
}

/* Every slot is a function but the four reserved ones. */
static void check_table(const void *table, size_t size)
{
    static const size_t reserved[] = { 40, 144, 152, 184 };
    ULONG version;

    memcpy(&version, table, sizeof version);
    assert_int_equal(version, 4);
    assert_int_equal(size, 256);
    for (size_t at = 8; at < size; at += sizeof(void *)) {
        void *p;
        bool is_reserved = false;

        memcpy(&p, (const uint8_t *)table + at, sizeof p);
        for (size_t i = 0; i < 4; i++) {
            is_reserved |= at == reserved[i];
        }
        assert_int_equal(p == NULL, is_reserved);
    }
}

static void f8_the_function_tables_are_full(void **state)
{
    PSecurityFunctionTableA a = InitSecurityInterfaceA();
    PSecurityFunctionTableW w = InitSecurityInterfaceW();
    SecPkgContext_StreamSizes z;

    (void)state;
    check_table(a, sizeof *a);
    check_table(w, sizeof *w);
    assert_status(a->QueryContextAttributesA(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                             &z),
                  SEC_E_OK);
    assert_status(w->QueryContextAttributesW(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                             &z),
                  SEC_E_OK);
}

static void f9_both_packages_are_listed(void **state)
{
    PSecPkgInfoA a;
    PSecPkgInfoW w;
    ULONG num;
    bool unisp = false, schannel = false;

    (void)state;
    assert_status(EnumerateSecurityPackagesA(&num, &a), SEC_E_OK);
    for (ULONG i = 0; i < num; i++) {
        unisp |= strcmp(a[i].Name, UNISP_NAME_A) == 0;
        schannel |= strcmp(a[i].Name, SCHANNEL_NAME_A) == 0;
        assert_true((a[i].fCapabilities & SECPKG_FLAG_STREAM) != 0);
        assert_int_equal(a[i].cbMaxToken, 24576);
    }
    assert_true(unisp && schannel);
    assert_status(FreeContextBuffer(a), SEC_E_OK);
    assert_status(EnumerateSecurityPackagesW(&num, &w), SEC_E_OK);
    unisp = schannel = false;
    for (ULONG i = 0; i < num; i++) {
        unisp |= wcscmp(w[i].Name, UNISP_NAME_W) == 0;
        schannel |= wcscmp(w[i].Name, SCHANNEL_NAME_W) == 0;
    }
    assert_true(unisp && schannel);
    assert_status(FreeContextBuffer(w), SEC_E_OK);
    assert_status(EnumerateSecurityPackagesA(NULL, &a), SEC_E_INVALID_HANDLE);
    assert_status(QuerySecurityPackageInfoA(NULL, &a),
                  SEC_E_SECPKG_NOT_FOUND);
}

static void the_rest_of_section_11_answers(void **state)
{
    SecPkgContext_NamesA names;
    SecPkgContext_AuthorityA authority;
    SecPkgContext_Lifespan life;
    SecPkgContext_ProtoInfoA proto;
    SecPkgContext_PackageInfoA package;
    SecPkgContext_Flags flags;
    SecPkgContext_SessionInfo session;
    SecPkgContext_Certificates certs;
    SecPkgContext_SupportedSignatures signatures;
    SecPkgContext_EapKeyBlock eap1, eap2;
    SecPkgContext_KeyingMaterial km;
    PCCERT_CONTEXT local = NULL;

    (void)state;
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_NAMES, &names),
                  SEC_E_OK);
    assert_true(strlen(names.sUserName) > 0);
    FreeContextBuffer(names.sUserName);
    assert_status(QueryContextAttributesA(&s.ctx, SECPKG_ATTR_NAMES, &names),
                  SEC_E_NO_CREDENTIALS);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_AUTHORITY,
                                          &authority),
                  SEC_E_OK);
    FreeContextBuffer(authority.sAuthorityName);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_LIFESPAN, &life),
                  SEC_E_OK);
    assert_true(life.tsStart.QuadPart < life.tsExpiry.QuadPart);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_PROTO_INFO,
                                          &proto),
                  SEC_E_OK);
    assert_string_equal(proto.sProtocolName, "TLS");
    assert_int_equal(proto.majorVersion, 1);
    assert_int_equal(proto.minorVersion, 2);
    FreeContextBuffer(proto.sProtocolName);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_PACKAGE_INFO,
                                          &package),
                  SEC_E_OK);
    assert_string_equal(package.PackageInfo->Name, UNISP_NAME_A);
    FreeContextBuffer(package.PackageInfo);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_FLAGS, &flags),
                  SEC_E_OK);
    assert_int_equal(flags.Flags, 0x811C);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_SESSION_INFO,
                                          &session),
                  SEC_E_OK);
    assert_int_equal(session.cbSessionId, 32);
    assert_status(QueryContextAttributesA(
                      &c.ctx, SECPKG_ATTR_REMOTE_CERTIFICATES, &certs),
                  SEC_E_OK);
    assert_int_equal(certs.cCertificates, 1);
    FreeContextBuffer(certs.pbCertificateChain);
    assert_status(QueryContextAttributesA(
                      &s.ctx, SECPKG_ATTR_SUPPORTED_SIGNATURES, &signatures),
                  SEC_E_OK);
    {
        bool rsa_sha256 = false;

        for (WORD i = 0; i < signatures.cSignatureAndHashAlgorithms; i++) {
            rsa_sha256 |=
                signatures.pSignatureAndHashAlgorithms[i] == 0x0104;
        }
        assert_true(rsa_sha256);
    }
    FreeContextBuffer(signatures.pSignatureAndHashAlgorithms);
    assert_status(QueryContextAttributesA(
                      &s.ctx, SECPKG_ATTR_LOCAL_CERT_CONTEXT, &local),
                  SEC_E_OK);
    CertFreeCertificateContext(local);
    assert_status(QueryContextAttributesA(
                      &c.ctx, SECPKG_ATTR_LOCAL_CERT_CONTEXT, &local),
                  SEC_E_NO_CREDENTIALS);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_KEYING_MATERIAL,
                                          &km),
                  SEC_E_OUT_OF_SEQUENCE);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_EAP_KEY_BLOCK,
                                          &eap1),
                  SEC_E_OK);
    assert_status(QueryContextAttributesA(&s.ctx, SECPKG_ATTR_EAP_KEY_BLOCK,
                                          &eap2),
                  SEC_E_OK);
    assert_memory_equal(&eap1, &eap2, sizeof eap1);
    assert_status(QueryContextAttributesA(&c.ctx, 9, &session),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(SetContextAttributesA(&c.ctx, 0x22, &session,
                                        sizeof session),
                  SEC_E_UNSUPPORTED_FUNCTION);
}

static void what_was_agreed_is_told_to_people(void **state)
{
    TchPkgContext_Connection i;
    TchPkgContext_Failure f;

    (void)state;
    assert_status(QueryContextAttributesA(&c.ctx, TCH_ATTR_CONNECTION, &i),
                  SEC_E_OK);
    assert_string_equal(i.szProtocol, "TLS1.2");
    assert_string_equal(i.szSuite, GCM);
    assert_true(strlen(i.szGroup) > 0);
    assert_string_equal(i.szVerify, "not checked");
    assert_string_equal(i.szServerName, "localhost");
    assert_false(i.fResumed);
    assert_status(QueryContextAttributesA(&s.ctx, TCH_ATTR_CONNECTION, &i),
                  SEC_E_OK);
    assert_string_equal(i.szVerify, "none");
    assert_string_equal(i.szServerName, "localhost");
    assert_status(QueryContextAttributesA(&c.ctx, TCH_ATTR_FAILURE, &f),
                  SEC_E_OK);
    assert_status(f.scStatus, SEC_E_OK);
    assert_string_equal(f.szSentence, "");
}

static void helpers_of_section_12(void **state)
{
    static struct end c2;
    static struct reply r;
    char target[] = "localhost", other[] = "nobody.test";
    PCCERT_CONTEXT k = load_cert("server-rsa2048", NULL);
    PX509Certificate x;
    PBYTE name;
    DWORD n;

    (void)state;
    assert_false(SslEmptyCacheA(other, 0));
    assert_true(SslEmptyCacheA(target, 0));
    assert_false(SslEmptyCacheA(target, 0));
    assert_true(SslCrackCertificate(k->pbCertEncoded, k->cbCertEncoded, 0,
                                    &x));
    assert_int_equal(x->Version, 2);
    assert_non_null(strstr(x->pszSubject, "CN="));
    assert_int_equal(x->pPublicKey->Type, CALG_RSA_KEYX);
    SslFreeCertificate(x);
    SslFreeCertificate(NULL);
    assert_false(SslCrackCertificate(k->pbCertEncoded, 20, 0, &x));
    CertFreeCertificateContext(k);
    memset(&c2, 0, sizeof c2);
    assert_status(acquire(&c2, false, 0, NULL), SEC_E_OK);
    call(&c2, NULL, 0, &r);
    assert_status(SslGetServerIdentity(r.token, 20, &name, &n, 0),
                  SEC_E_INCOMPLETE_MESSAGE);
    assert_status(SslGetServerIdentity(r.token, (DWORD)r.token_len, &name, &n,
                                       0),
                  SEC_E_OK);
    assert_int_equal(n, 9);
    assert_memory_equal(name, "localhost", 9);
    assert_true(name > r.token && name < r.token + r.token_len);
    assert_status(SslGetServerIdentity(NULL, 0, &name, &n, 0),
                  SEC_E_INVALID_PARAMETER);
    end_clear(&c2);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(f1_a_deleted_context_answers_nothing),
        CASE(f3_only_package_memory_is_freed),
        CASE(f4_cipher_info_of_c030),
        CASE(f5_bindings),
        CASE(f6_key_info_and_connection_info),
        CASE(f7_the_peers_chain_is_a_store),
        CASE(f8_the_function_tables_are_full),
        CASE(f9_both_packages_are_listed),
        CASE(the_rest_of_section_11_answers),
        CASE(what_was_agreed_is_told_to_people),
        CASE(helpers_of_section_12),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
