# Tomchannel: build, test, install.  GNU make.
#
#   make             both libraries and the command, in $(BUILD)
#   make demo        install what the build needs, build, run the demonstration
#   make check       install what the tests need, build, run every test
#   make help        all targets and variables
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

VERSION  := 0.1.0
SOVERSION := 0

# ---------------------------------------------------------------- verbosity
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)')

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
LIBS := -ltomcrypt -lgmp -lpthread
endif
ifdef SSL2
DEFS += -DTCH_SSL2=1
endif
ifdef TEACHING
DEFS += -DTCH_TEACHING=1
endif
ifdef SANITIZE
# The sanitizers make GCC see null pointers that are not there.
SAN  := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
        -fno-omit-frame-pointer
WARN += -Wno-null-dereference
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
TEST_LIBS := -lcmocka
SRC_TESTS_FLOW := $(wildcard test/flows/test_*.c test/contract/test_*.c \
                  test/conformance/test_*.c test/hostile/test_*.c \
                  test/alloc/test_*.c)
SRC_TESTS_UNIT := $(foreach l,$(LAYERS),$(wildcard test/unit/$(l)/test_*.c))
prog = $(patsubst %.c,$(BUILD)/%,$(1))
UNIT_TESTS := $(call prog,$(SRC_TESTS_UNIT))
FLOW_TESTS := $(call prog,$(SRC_TESTS_FLOW))

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

$(BUILD)/tomchannel: $(call obj,$(SRC_command)) $(STATIC) $(BUILD)/flags-link
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(STATIC) $(LIBS)

# Unit tests: one program per file, linked with its layer and those below.
define unit_rule
UNIT_$(1) := $$(call prog,$$(wildcard test/unit/$(1)/test_*.c))
$$(UNIT_$(1)): $$(BUILD)/test/unit/$(1)/%: \
    $$(BUILD)/obj/test/unit/$(1)/%.o \
    $$(call obj,$$(wildcard test/unit/$(1)/support_*.c)) \
    $$(LINK_$(1)) $$(BUILD)/flags-link
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(LINK) -o $$@ $$(filter %.o,$$^) $$(LINK_$(1)) $$(TEST_LIBS) \
	  $$(LIBS)
.PHONY: check-$(1)
check-$(1):
	@$$(MAKE) --no-print-directory -k WERROR=1 $$(UNIT_$(1)) || true
	@$$(RUN_TESTS) $$(UNIT_$(1))
endef
RUN_TESTS = BUILD=$(BUILD) sh test/tools/run-tests -o $(BUILD)/test-logs
$(foreach l,$(LAYERS),$(eval $(call unit_rule,$(l))))

$(FLOW_TESTS): $(BUILD)/%: $(BUILD)/obj/%.o $(LINK_all) $(BUILD)/flags-link
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LINK_all) $(TEST_LIBS) $(LIBS)

TESTS := $(UNIT_TESTS) $(FLOW_TESTS)
.PHONY: all tests check clean
tests: $(TESTS)

check:
	@$(MAKE) --no-print-directory -k WERROR=1 all tests || true
	@$(RUN_TESTS) $(TESTS)

clean:
	rm -rf $(BUILD)

-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')
