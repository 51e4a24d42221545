// SPDX-License-Identifier: MIT
// Numbers, dates and codes as offices write them: full-width digits, thousands separators,
// 万 and units, dates in several styles, codes that lost their zeros.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace riskmap::spec {

/// Text that stands for "nothing": blank, "-", "/", "无", "null", "N/A" and the like.
[[nodiscard]] bool says_nothing(std::string_view text);

struct WrittenNumber {
    double value = 0;
    bool plain = true; ///< reads as a number without any of the liberties
    bool bare = true;  ///< says no unit of its own
};
/// "１，２３４", "1,234.5", "12.3万人", "85%": the number in `unit` ("persons", "m2", "ha", "m",
/// "10 000 yuan", "share", ...). Nothing for other text: "about 20", "12 km" in m2.
[[nodiscard]] std::optional<WrittenNumber> read_number(std::string_view text,
                                                       std::string_view unit = {});

/// Yes, no, or one of the words for "not known".
struct WrittenFlag {
    std::optional<bool> value; ///< none: not known
    bool plain = true;         ///< 1, 0, true, false
};
/// 是 否 有 无 Y N yes no true false √ × 1 0, numbers as "0.0" and "0 "; blank, 未知, -9999 and
/// the like are not known. Nothing for a word or number that is none of these.
[[nodiscard]] std::optional<WrittenFlag> read_flag(std::string_view text);

/// A coordinate: a number, or degrees, minutes and seconds ("120°34′56.7″", "120度34分56秒").
[[nodiscard]] std::optional<WrittenNumber> read_coordinate(std::string_view text);

/// A day, a month or a year: what is not said is 0.
struct Date {
    int year = 0;
    int month = 0;
    int day = 0;

    [[nodiscard]] std::string text() const; ///< "2020-01-31", "2020-01", "2020"
};
struct WrittenDate {
    Date date;
    bool plain = true; ///< already as `Date::text` writes it
};
/// "2020-01-31", "2020/1/31", "2020.1.31", "20200131", "2020年1月31日", a time of day after it,
/// the days of a spreadsheet (43861), 二〇二〇年一月三十一日. Nothing for what is no date of the
/// calendar, and for what could be several ("20/1/31", "31012020").
[[nodiscard]] std::optional<WrittenDate> read_date(std::string_view text);

struct WrittenCode {
    std::string code;
    bool plain = true; ///< as it was written
};
/// A code of one of `digits` lengths (none: 6, 9 or 12), also with blanks, full-width, as a
/// number ("330602001.0"), or with the zeros at its end missing or too many.
/// Nothing for other text, and for numbers rounded by a spreadsheet ("3.30602E+11").
[[nodiscard]] std::optional<WrittenCode> read_code(std::string_view text,
                                                   std::span<const int> digits);

} // namespace riskmap::spec
