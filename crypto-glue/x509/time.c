/*
 * UTCTime and GeneralizedTime in the two forms RFC 5280 4.1.2.5 leaves:
 * seconds and Z required, no fractions, no offsets. Everything is turned into
 * seconds since 1970 at once, so that the rest of the code compares numbers.
 *
 * The calendar is the proleptic Gregorian one. Leap seconds do not exist in
 * it: second 60 is refused like any other impossible time.
 */

#include "crypto-glue/x509/time.h"

#include "crypto-glue/der.h"

struct moment {
    unsigned year;
    unsigned month;
    unsigned day;
    unsigned hour;
    unsigned minute;
    unsigned second;
};

TCH_FIELD(digits, "5280 4.1.2.5");

/* Reads `num` decimal digits. */
static bool read_digits(struct tch_reader *r, unsigned num, unsigned *out)
{
    unsigned v = 0;

    for (unsigned i = 0; i < num; i++) {
        uint8_t c;

        if (!tch_rd_u8(r, &f_digits, &c) || c < '0' || c > '9') {
            return false;
        }
        v = v * 10 + (c - (unsigned)'0');
    }
    *out = v;
    return true;
}

static bool read_moment(struct tch_slice text, unsigned year_digits,
                        struct moment *m)
{
    struct tch_reader r;
    uint8_t z;

    tch_rd_init(&r, text, &f_digits, NULL);
    return read_digits(&r, year_digits, &m->year) &&
           read_digits(&r, 2, &m->month) && read_digits(&r, 2, &m->day) &&
           read_digits(&r, 2, &m->hour) && read_digits(&r, 2, &m->minute) &&
           read_digits(&r, 2, &m->second) && tch_rd_u8(&r, &f_digits, &z) &&
           z == 'Z' && tch_rd_end(&r);
}

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30,
                                    31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

static bool exists(const struct moment *m)
{
    return m->month >= 1 && m->month <= 12 && m->day >= 1 &&
           m->day <= days_in_month(m->year, m->month) && m->hour <= 23 &&
           m->minute <= 59 && m->second <= 59;
}

/* Leap days in the years 0 to year - 1 of the Gregorian calendar. */
static int64_t leap_days_before(unsigned year)
{
    unsigned y = year == 0 ? 0 : year - 1;

    return year == 0 ? 0 : (int64_t)y / 4 - y / 100 + y / 400 + 1;
}

static int64_t days_before_year(unsigned year)
{
    return (int64_t)year * 365 + leap_days_before(year);
}

static int64_t to_seconds(const struct moment *m)
{
    int64_t days = days_before_year(m->year) - days_before_year(1970);

    for (unsigned i = 1; i < m->month; i++) {
        days += days_in_month(m->year, i);
    }
    days += (int64_t)m->day - 1;
    return ((days * 24 + m->hour) * 60 + m->minute) * 60 + m->second;
}

bool tch_time_read(struct tch_reader *r, const struct tch_field *f,
                   int64_t *seconds)
{
    bool utc = tch_der_next_is(r, TCH_DER_UTC_TIME);
    struct tch_reader before = *r;
    struct tch_slice text;
    struct moment m = { 0 };

    if (!tch_der_value(r, f, utc ? TCH_DER_UTC_TIME : TCH_DER_GENERALIZED_TIME,
                       &text)) {
        return false;
    }
    if (!read_moment(text, utc ? 2 : 4, &m)) {
        *r = before;
        (void)tch_rd_blame(r, f, TCH_CERT_BAD);
        return false;
    }
    if (utc) {
        m.year += m.year >= 50 ? 1900 : 2000;
    }
    if (!exists(&m)) {
        *r = before;
        (void)tch_rd_blame(r, f, TCH_CERT_BAD);
        return false;
    }
    *seconds = to_seconds(&m);
    return true;
}
