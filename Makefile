# Tomchannel: build, test, install.  GNU make.
#
#H make                 both libraries and the command, in $(BUILD)
#H make demo            install what the build needs, build, run the demonstration
#H make check           install what the tests need, build, run every test
#H make check-more      the same under sanitizers and clang, and the long tests
#H make check-LAYER     unit tests of one layer: base glue record handshake
#H                      engine sspi
#H make deps            install the packages that the build needs (apt-get)
#H make deps-check      and those that check-more and lint need
#H make install         PREFIX= DESTDIR= ; also uninstall
#H make layers symbols lint    checks of the tree, quiet when all is well
#H make examples        the example programs, in $(BUILD)/examples
#H make interop         against openssl and gnutls over loopback, all of it
#H make mutate          MUTATIONS=1000000 SEED=1: mutated handshakes
#H make fuzz            FUZZ_SECONDS=60 for each harness, with libFuzzer
#H make ct dudect       secrets and branches under valgrind; timing statistics
#H make bench clean help
#H
#H Variables: BUILD=build  CC  CFLAGS='-O2 -g'  PREFIX=/usr/local  DESTDIR
#H   DEPS=no      install no packages
#H   MATH=gmp     libtomcrypt computes with GMP (out of memory then aborts)
#H   TEACHING=1   record internals and secrets become events
#H   SSL2=1       reserved for SSL 2.0
#H   SANITIZE=address,undefined    WERROR=1    V=1 shows the commands
#
# Nothing here names a source file: a new .c file in a known folder is built,
# a new test program is built and run.  test/README.md describes the folders.

BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
CFLAGS   ?= -O2 -g
MATH     ?= ltm
AR       ?= ar
ifeq ($(origin CC),default)
CC       := gcc
endif

VERSION   := $(shell sed -n 's/^\#define TCH_VERSION "\(.*\)"/\1/p' engine/tch.h)
SOVERSION := 0

bindir       ?= $(PREFIX)/bin
libdir       ?= $(PREFIX)/lib
includedir   ?= $(PREFIX)/include
mandir       ?= $(PREFIX)/share/man
pkgconfigdir ?= $(libdir)/pkgconfig

# ---------------------------------------------------------------- verbosity
# V=1 shows commands, -s shows nothing.
Q := $(if $(V),,@)
SILENT := $(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS))))
say = $(if $(V)$(SILENT),,@printf '  %-7s %s\n' '$(1)' '$(2)')

# -------------------------------------------------------------------- flags
IS_CLANG := $(shell $(CC) -dM -E -x c /dev/null 2>/dev/null | grep -c __clang__)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
        -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wpointer-arith \
        -Wwrite-strings -Wvla -Walloca -Wundef -Wformat=2 -Wswitch-enum \
        -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
ifeq ($(IS_CLANG),0)
WARN += -Wcast-align=strict -Wlogical-op -Wduplicated-cond \
        -Wduplicated-branches
else
WARN += -Wcast-align
endif

DEFS := -D_DEFAULT_SOURCE
LIBS := -ltomcrypt -ltommath -lpthread
ifeq ($(MATH),gmp)
DEFS += -DTCH_MATH_GMP
LIBS := -ltomcrypt -ltommath -lgmp -lpthread
endif
ifdef SSL2
DEFS += -DTCH_WITH_SSL2=1
endif
ifdef TEACHING
DEFS += -DTCH_TEACHING=1
endif
ifdef SANITIZE
# The sanitizers make GCC see null pointers and lengths that are not there.
override WERROR :=
SAN  := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
        -fno-omit-frame-pointer
WARN += -Wno-null-dereference $(if $(filter 0,$(IS_CLANG)),\
          -Wno-format-truncation)
endif

# What every object is compiled with; a change of any of it rebuilds all.
BASE_FLAGS := -std=c11 $(DEFS) -I. -fPIC -fvisibility=hidden -pthread \
              $(WARN) $(SAN)
ALL_CFLAGS  = $(BASE_FLAGS) $(CPPFLAGS) $(CFLAGS) $(if $(WERROR),-Werror)
SSPI_FLAGS := -Isspi/include
LINK        = $(CC) -pthread $(CFLAGS) $(SAN) $(LDFLAGS)

# ------------------------------------------------------------------ sources
SRC_base      := $(wildcard engine/base/*.c)
SRC_glue      := $(wildcard crypto-glue/*.c crypto-glue/own/*.c \
                            crypto-glue/x509/*.c crypto-glue/accel/*.c)
SRC_record    := $(wildcard record/*.c)
SRC_handshake := $(wildcard handshake/*.c)
ifdef SSL2
SRC_handshake += $(wildcard handshake/ssl2/*.c)
else
SRC_record    := $(filter-out record/ssl2.c,$(SRC_record))
endif
SRC_engine    := $(wildcard engine/*.c)
SRC_sspi      := $(wildcard sspi/*.c)
SRC_command   := $(wildcard sspi/tools/*.c)
SRC_support   := $(wildcard test/support/*.c)

LAYERS := base glue record handshake engine sspi

obj     = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
archive = $(BUILD)/lib/libtch_$(1).a

# The archives a layer's unit tests are linked with: its own and those below.
archives = $(foreach l,$(1),$(call archive,$(l)))
LINK_base      := $(call archives,base)
LINK_glue      := $(call archives,glue base)
LINK_record    := $(call archives,record glue base)
LINK_handshake := $(call archives,handshake glue base)
LINK_engine    := $(call archives,support engine handshake record glue base)
LINK_sspi      := $(call archives,support sspi engine handshake record glue base)
LINK_all       := $(LINK_sspi)

LIB_OBJS := $(call obj,$(foreach l,$(LAYERS),$(SRC_$(l))))
STATIC   := $(BUILD)/libtomchannel.a
SHARED   := $(BUILD)/libtomchannel.so
SONAME   := libtomchannel.so.$(SOVERSION)
COMMAND  := $(if $(SRC_command),$(BUILD)/tomchannel)

# ------------------------------------------------------------ test programs
prog = $(patsubst %.c,$(BUILD)/%,$(1))

# Unit tests see one layer; the rest is linked with everything.
TEST_LIBS  := -lcmocka -ltommath
UNIT_TESTS := $(call prog,$(foreach l,$(LAYERS),\
                $(wildcard test/unit/$(l)/test_*.c)))
FLOW_TESTS := $(call prog,$(foreach d,flows contract conformance hostile \
                alloc command,$(wildcard test/$(d)/test_*.c)))
FUZZ_REPLAYS := $(call prog,$(wildcard test/fuzz/fuzz_*.c))
MUTATORS     := $(call prog,$(wildcard test/mutate/*.c))
CT_TESTS     := $(call prog,$(wildcard test/ct/*.c))
DUDECTS      := $(call prog,$(wildcard test/dudect/*.c))
BENCHES      := $(call prog,$(wildcard test/bench/*.c))
INTEROP      := $(wildcard test/interop/test_*.sh test/interop/test_*.py)
# TREE=no leaves out the tests of the tree itself: once is enough.
SHELL_TESTS  := $(filter-out test/interop/% $(if $(filter no,$(TREE)),\
                  test/tree/%),$(wildcard test/*/test_*.sh))
EXAMPLES     := $(patsubst %.c,$(BUILD)/examples/%,\
                  $(wildcard engine/examples/*.c sspi/examples/*.c))
TESTS        := $(UNIT_TESTS) $(FLOW_TESTS) $(FUZZ_REPLAYS)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE

all: $(STATIC) $(SHARED) $(COMMAND)

# ---------------------------------------------------- flags and list stamps
# $(1) is written to the target when it differs; objects depend on the target.
write_if_changed = mkdir -p $(@D) && \
    { printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' > $@; }

# Objects compiled with -Werror serve a build without it, not the reverse.
$(BUILD)/flags: FORCE
	@$(call write_if_changed,$(CC) $(BASE_FLAGS) $(CPPFLAGS) $(CFLAGS))
$(BUILD)/flags-werror: FORCE
	@mkdir -p $(@D); if [ ! -f $@ ] || { [ -n "$(WERROR)" ] && \
	  [ "$$(cat $@)" != yes ]; }; then \
	  echo "$(if $(WERROR),yes,no)" > $@; fi
$(BUILD)/flags-link: FORCE
	@$(call write_if_changed,$(LINK) $(LIBS))

# -------------------------------------------------------------------- rules
$(BUILD)/obj/%.o: %.c $(BUILD)/flags $(BUILD)/flags-werror
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(EXTRA) -MMD -MP -c -o $@ $<

$(BUILD)/obj/sspi/%.o $(BUILD)/obj/test/%.o: EXTRA = $(SSPI_FLAGS)
# The second set of the functions that depend on the width of wchar_t.
$(BUILD)/obj/sspi/wide16.o $(BUILD)/obj/test/unit/sspi/test_wide16.o: \
    EXTRA = $(SSPI_FLAGS) -fshort-wchar

define archive_rule
$$(BUILD)/lib/$(1).objs: FORCE
	@$$(call write_if_changed,$$(sort $$(call obj,$$(SRC_$(1)))))
$$(call archive,$(1)): $$(call obj,$$(SRC_$(1))) $$(BUILD)/lib/$(1).objs
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR) rcs $$@ $$(filter %.o,$$^)
endef
$(foreach l,$(LAYERS) support,$(eval $(call archive_rule,$(l))))

$(STATIC): $(LIB_OBJS) $(foreach l,$(LAYERS),$(BUILD)/lib/$(l).objs)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

SYMBOL_LISTS := $(wildcard engine/Symbols.list sspi/Symbols.list)
$(BUILD)/libtomchannel.map: $(SYMBOL_LISTS) Makefile
	@mkdir -p $(@D)
	@awk 'BEGIN { print "{" } { sub(/#.*/, "") } \
	  NF { if (!n++) print "global:"; print "    " $$1 ";" } \
	  END { print "local:\n    *;\n};" }' $(SYMBOL_LISTS) /dev/null > $@

$(SHARED): $(LIB_OBJS) $(BUILD)/libtomchannel.map $(BUILD)/flags-link \
           $(foreach l,$(LAYERS),$(BUILD)/lib/$(l).objs)
	$(call say,LINK,$@)
	$(Q)$(LINK) -shared -Wl,-soname,$(SONAME) \
	  -Wl,--version-script,$(BUILD)/libtomchannel.map \
	  $(if $(SAN),,-Wl$(comma)-z$(comma)defs) -Wl,-z,relro,-z,now \
	  -o $@ $(filter %.o,$^) $(LIBS)
	$(Q)ln -sf libtomchannel.so $(BUILD)/$(SONAME)
comma := ,

# The demonstration carries its certificates in itself.
DEMO_CERTS := $(addprefix vectors/certs/,ca.pem server-ec256.pem \
                server-ec256.key client-rsa2048.pem client-rsa2048.key)
COMMAND_OBJS := $(call obj,$(SRC_command) sspi/tools/demo_certs.c)
$(BUILD)/gen/demo_certs.c: sspi/tools/embed.awk $(DEMO_CERTS)
	@mkdir -p $(@D)
	@awk -f sspi/tools/embed.awk $(DEMO_CERTS) > $@
$(BUILD)/obj/sspi/tools/demo_certs.o: $(BUILD)/gen/demo_certs.c \
    $(BUILD)/flags $(BUILD)/flags-werror
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(EXTRA) -MMD -MP -c -o $@ $<

$(BUILD)/tomchannel: $(COMMAND_OBJS) $(STATIC) $(BUILD)/flags-link
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(STATIC) $(LIBS)

# Unit tests: one program per file, linked with its layer and those below,
# with the support files beside it, and with the reader of vector files.
UNIT_SHARED := test/unit/glue/support_json.c
define unit_rule
UNIT_$(1) := $$(call prog,$$(wildcard test/unit/$(1)/test_*.c))
$$(UNIT_$(1)): $$(BUILD)/test/unit/$(1)/%: \
    $$(BUILD)/obj/test/unit/$(1)/%.o \
    $$(call obj,$$(sort $$(wildcard test/unit/$(1)/support_*.c) \
                       $$(UNIT_SHARED))) \
    $$(LINK_$(1)) $$(BUILD)/flags-link
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(LINK) -o $$@ $$(filter %.o,$$^) $$(LINK_$(1)) $$(TEST_LIBS) \
	  $$(LIBS)
.PHONY: check-$(1)
check-$(1):
	+@$$(SUBMAKE) -k WERROR=1 flags $$(UNIT_$(1)) || true
	@$$(RUN_TESTS) $$(UNIT_$(1))
endef
$(foreach l,$(LAYERS),$(eval $(call unit_rule,$(l))))

WHOLE := $(FLOW_TESTS) $(MUTATORS) $(CT_TESTS) $(DUDECTS) $(BENCHES)
$(filter $(BUILD)/test/contract/%,$(FLOW_TESTS)): \
    $(call obj,$(wildcard test/contract/support_*.c))
$(WHOLE): $(BUILD)/%: $(BUILD)/obj/%.o $(LINK_all) $(BUILD)/flags-link
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LINK_all) $(TEST_LIBS) $(LIBS)

# The shim that a conformance runner drives, on the shared library: public
# names must suffice. Its own test plays the peer, with the same socket code.
SHIM := $(if $(wildcard test/conformance/shim.c),$(BUILD)/test/shim)
$(SHIM): $(call obj,$(wildcard test/conformance/shim*.c)) $(SHARED) \
         $(BUILD)/flags-link
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(SHARED) \
	  -Wl,-rpath,'$$ORIGIN/..' -lpthread
$(BUILD)/test/conformance/test_shim: \
    $(call obj,$(wildcard test/conformance/shim_link.c \
                 test/conformance/peer_*.c)) $(SHIM)

# A fuzz harness has no main: here it gets one that replays its corpus, in
# `make fuzz` it gets libFuzzer's.
$(FUZZ_REPLAYS): $(BUILD)/%: $(BUILD)/obj/%.o $(BUILD)/obj/test/tools/replay.o \
                 $(LINK_all) $(BUILD)/flags-link
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LINK_all) $(LIBS)

FUZZERS := $(patsubst test/fuzz/%.c,$(BUILD)/fuzzers/%,\
             $(wildcard test/fuzz/fuzz_*.c))
$(FUZZERS): $(BUILD)/fuzzers/%: $(BUILD)/obj/test/fuzz/%.o $(LINK_all)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LINK_all) $(LIBS)

# Examples are compiled as a user compiles: installed headers, public library.
HEADERS := $(wildcard engine/tch.h engine/base/*.h sspi/include/*.h)
$(BUILD)/include/stamp: $(HEADERS) test/tools/public-headers
	$(call say,HEADERS,$(BUILD)/include/tomchannel)
	$(Q)sh test/tools/public-headers $(BUILD)/include/tomchannel
	@touch $@
USER_FLAGS = -std=c11 -D_DEFAULT_SOURCE $(WARN) $(SAN) $(CFLAGS) \
             $(if $(WERROR),-Werror) -I$(BUILD)/include \
             -I$(BUILD)/include/tomchannel -I$(BUILD)/include/tomchannel/sspi
$(EXAMPLES): $(BUILD)/examples/%: %.c $(BUILD)/include/stamp $(STATIC) \
             $(BUILD)/flags $(BUILD)/flags-link
	$(call say,EXAMPLE,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(USER_FLAGS) $(LDFLAGS) -o $@ $< $(STATIC) $(LIBS)

# The command once more, on the shared library: public names must suffice.
$(BUILD)/tomchannel-shared: $(COMMAND_OBJS) $(SHARED)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(SHARED) \
	  -Wl,-rpath,'$$ORIGIN' -lpthread

.PHONY: tests examples fuzzers flags
flags: $(BUILD)/flags
examples: $(EXAMPLES)
tests: $(TESTS) $(EXAMPLES) $(SHIM) $(if $(COMMAND),$(BUILD)/tomchannel-shared) \
       $(BUILD)/include/stamp
fuzzers: $(FUZZERS)

# ------------------------------------------------------------- dependencies
DEPS_TOOL = $(if $(filter no,$(DEPS)),@:,@sh test/tools/deps)
.PHONY: deps deps-check
deps:
	$(DEPS_TOOL) build
deps-check:
	$(DEPS_TOOL) more

# ------------------------------------------------------------------ targets
# After `deps` a second make reads this file again, now with a compiler; it
# uses all processors unless the first one was given a -j of its own.
SUBMAKE = $(MAKE) --no-print-directory DEPS=no \
          $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
RUN_TESTS = BUILD='$(BUILD)' CC='$(CC)' MAKE='$(MAKE)' SANITIZE='$(SANITIZE)' \
            sh test/tools/run-tests -o $(BUILD)/test-logs \
            $(if $(SUMS),-s $(SUMS)) $(if $(TIMEOUT),-t $(TIMEOUT))

.PHONY: all demo check check-run check-more
demo:
	$(DEPS_TOOL) build
	+@$(SUBMAKE) all
	@$(BUILD)/tomchannel demo

check:
	$(DEPS_TOOL) check
	+@$(SUBMAKE) check-run

# What does not build is counted by the runner; the rest still runs.
check-run:
	@mkdir -p $(BUILD)
	+@$(SUBMAKE) -k WERROR=1 all tests; echo $$? > $(BUILD)/build-status
	@$(RUN_TESTS) $(SHELL_TESTS) $(TESTS)

check-more:
	$(DEPS_TOOL) more
	@BUILD='$(BUILD)' MAKE='$(MAKE)' sh test/tools/check-more

.PHONY: layers symbols symbols-update lint format-check
SOURCES = $(shell find engine crypto-glue record handshake sspi test \
            -name '*.[ch]' | sort)
layers:
	@awk -f test/tools/layers.awk $(SOURCES)

symbols: $(SHARED) $(STATIC)
	@sh test/tools/symbols $(SHARED) $(STATIC) $(SYMBOL_LISTS)

# Shows what the lists should hold by the attributes in the code.
symbols-update: $(STATIC) $(foreach l,$(LAYERS),$(call archive,$(l)))
	@sh test/tools/symbols --print $(STATIC)

lint:
	@BUILD='$(BUILD)' MAKE='$(MAKE)' sh test/tools/lint

# For one's own use: the tree is not held to clang-format's every opinion.
format-check:
	clang-format --dry-run $(SOURCES)

.PHONY: ct mutate dudect interop fuzz bench
ct: $(CT_TESTS)
	@$(RUN_TESTS) -t 600 -w 'valgrind -q --error-exitcode=99' $(CT_TESTS)

MUTATIONS ?= 1000000
SEED      ?= 1
mutate: $(MUTATORS)
	@TCH_MUTATIONS=$(MUTATIONS) TCH_SEED=$(SEED) \
	  $(RUN_TESTS) -t 36000 $(MUTATORS)

dudect: $(DUDECTS)
	@$(RUN_TESTS) -j 1 -t 3600 $(DUDECTS)

interop: all
	@TOMCHANNEL=$(BUILD)/tomchannel $(RUN_TESTS) -t 1800 $(INTEROP)

FUZZ_SECONDS ?= 60
fuzz:
	+@$(SUBMAKE) BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-O1 -g' \
	  SANITIZE=fuzzer-no-link,address,undefined fuzzers
	@sh test/tools/fuzz $(BUILD)/fuzz/fuzzers $(FUZZ_SECONDS)

bench: $(BENCHES)
	@for b in $(BENCHES); do echo "== $${b##*/}"; $$b || exit 1; done

# ------------------------------------------------------------------ install
MANPAGES := $(foreach s,1 3 5 7 8,$(wildcard engine/man/*.$(s) sspi/man/*.$(s)))
$(BUILD)/tomchannel.pc: engine/tomchannel.pc.in FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(libdir)|' \
	  -e 's|@INCLUDEDIR@|$(includedir)|' -e 's|@VERSION@|$(VERSION)|' \
	  -e 's|@LIBS_PRIVATE@|$(LIBS)|' $< > $@

.PHONY: install uninstall
install: all $(BUILD)/include/stamp $(BUILD)/tomchannel.pc
	install -d '$(DESTDIR)$(libdir)' '$(DESTDIR)$(pkgconfigdir)' \
	  '$(DESTDIR)$(includedir)/tomchannel/base' \
	  '$(DESTDIR)$(includedir)/tomchannel/sspi'
	install -m 644 $(STATIC) '$(DESTDIR)$(libdir)'
	install -m 755 $(SHARED) '$(DESTDIR)$(libdir)/libtomchannel.so.$(VERSION)'
	ln -sf libtomchannel.so.$(VERSION) '$(DESTDIR)$(libdir)/$(SONAME)'
	ln -sf $(SONAME) '$(DESTDIR)$(libdir)/libtomchannel.so'
	install -m 644 $(BUILD)/tomchannel.pc '$(DESTDIR)$(pkgconfigdir)'
	cd $(BUILD)/include/tomchannel && for h in *.h base/*.h sspi/*.h; do \
	  if [ -f "$$h" ]; then install -m 644 "$$h" \
	    '$(DESTDIR)$(includedir)/tomchannel/'"$$h" || exit 1; fi; done
	$(if $(COMMAND),install -d '$(DESTDIR)$(bindir)')
	$(if $(COMMAND),install -m 755 $(COMMAND) '$(DESTDIR)$(bindir)')
	for m in $(MANPAGES); do d='$(DESTDIR)$(mandir)'/man$${m##*.}; \
	  install -d "$$d" && install -m 644 $$m "$$d" || exit 1; done

uninstall:
	rm -f '$(DESTDIR)$(libdir)/libtomchannel.a' \
	  '$(DESTDIR)$(libdir)/libtomchannel.so.$(VERSION)' \
	  '$(DESTDIR)$(libdir)/$(SONAME)' \
	  '$(DESTDIR)$(libdir)/libtomchannel.so' \
	  '$(DESTDIR)$(pkgconfigdir)/tomchannel.pc' \
	  '$(DESTDIR)$(bindir)/tomchannel'
	rm -rf '$(DESTDIR)$(includedir)/tomchannel'
	for m in $(MANPAGES); do \
	  rm -f '$(DESTDIR)$(mandir)'/man$${m##*.}/$${m##*/}; done

.PHONY: clean help
clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#H \{0,1\}//p' Makefile

-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')
