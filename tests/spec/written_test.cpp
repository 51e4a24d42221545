// SPDX-License-Identifier: MIT
#include <riskmap/spec/written.hpp>

#include <chrono>
#include <cmath>

#include <gtest/gtest.h>

namespace riskmap::spec {
namespace {

double number(const char* text, const char* unit = "") {
    const auto read = read_number(text, unit);
    return read ? read->value : std::nan("");
}

TEST(Written, NumbersAsOfficesWriteThem) {
    EXPECT_TRUE(read_number("-12.5e1")->plain);
    EXPECT_EQ(number(" 42 "), 42);
    EXPECT_FALSE(read_number("１２３４")->plain);
    EXPECT_EQ(number("１２３４．５"), 1234.5);
    EXPECT_EQ(number("－７"), -7);
    EXPECT_EQ(number("1,234,567.25"), 1234567.25);
    EXPECT_EQ(number("1，234"), 1234);
    EXPECT_EQ(number("12.3万"), 123000);
    EXPECT_EQ(number("0.7万人", "persons"), 7000);
    EXPECT_EQ(number("1.2亿"), 1.2e8);
    EXPECT_EQ(number("3.5万亿"), 3.5e12);
    EXPECT_EQ(number("85%", "share"), 0.85);
    EXPECT_EQ(number("85％", "share"), 0.85);
    EXPECT_EQ(number("3亩", "m2"), 2000);
    EXPECT_EQ(number("2公顷", "m2"), 20000);
    EXPECT_EQ(number("15亩", "ha"), 1);
    EXPECT_EQ(number("120 厘米", "m"), 1.2);
    EXPECT_EQ(number("3万元", "10 000 yuan"), 3);
    EXPECT_EQ(number("3.2亿元", "10 000 yuan"), 32000);
    EXPECT_EQ(number("5000元", "10 000 yuan"), 0.5);
    EXPECT_EQ(number("3万", "10 000 yuan"), 3);
}

TEST(Written, NumbersThatAreNoneStayText) {
    for (const char* text : {"", "约200", "12 km", "1,23", "1,2345", ",123", "12,345.6,7", "1.2.3",
                             "0x10", "nan", "inf", "1e999", "一百", "12-13", "万", "1 2"})
        EXPECT_FALSE(read_number(text)) << text;
    EXPECT_FALSE(read_number("12人", "m2"));
    EXPECT_FALSE(read_number("12米", "persons"));
    for (const char* text : {"", " ", "　", "-", "—", "/", "无", "N/A", "null"})
        EXPECT_TRUE(says_nothing(text)) << text;
    EXPECT_FALSE(says_nothing("0"));
}

TEST(Written, DatesInAllStyles) {
    for (const char* text : {"2020-01-31", "2020/1/31", "2020.01.31", "20200131", "2020年1月31日",
                             "2020年01月31号", "２０２０-０１-３１", "2020-01-31 13:45:00",
                             "2020-01-31T13:45:00Z", "43861", "43861.0"}) {
        const auto date = read_date(text);
        ASSERT_TRUE(date) << text;
        EXPECT_EQ(date->date.text(), "2020-01-31") << text;
    }
    EXPECT_TRUE(read_date("2020-01-31")->plain);
    EXPECT_FALSE(read_date("2020/1/31")->plain);
    EXPECT_EQ(read_date("2020年5月")->date.text(), "2020-05");
    EXPECT_EQ(read_date("202005")->date.text(), "2020-05");
    EXPECT_EQ(read_date("2020")->date.text(), "2020");
    for (const char* text :
         {"", "31/01/2020", "2020-13-01", "2021-02-29", "2020-00-10", "2020-1-0", "2020-04-31",
          "20-01-31", "2020-1-1-1", "yesterday", "99999", "2020-01-31 noon"})
        EXPECT_FALSE(read_date(text)) << text;
}

// Spreadsheet days against the calendar of <chrono>, which is another piece of code.
TEST(Written, DaysOfASpreadsheet) {
    using namespace std::chrono;
    for (int day = 20000; day < 80000; day += 97) {
        const year_month_day there{sys_days{1899y / December / 30} + days{day}};
        const auto date = read_date(std::to_string(day));
        ASSERT_TRUE(date) << day;
        EXPECT_EQ(date->date.year, static_cast<int>(there.year()));
        EXPECT_EQ(date->date.month, static_cast<int>(static_cast<unsigned>(there.month())));
        EXPECT_EQ(date->date.day, static_cast<int>(static_cast<unsigned>(there.day())));
    }
}

TEST(Written, CodesThatLostOrGainedZeros) {
    const std::vector<int> township{9};
    EXPECT_TRUE(read_code("330602001", township)->plain);
    EXPECT_EQ(read_code("330602001.0", township)->code, "330602001");
    EXPECT_EQ(read_code(" 330602001 ", township)->code, "330602001");
    EXPECT_EQ(read_code("３３０６０２００１", township)->code, "330602001");
    EXPECT_EQ(read_code("'330602001", township)->code, "330602001");
    EXPECT_EQ(read_code("330602001000", township)->code, "330602001");
    EXPECT_EQ(read_code("330602", township)->code, "330602000");
    for (const char* text : {"33060200", "330602001001", "3.30602E+08", "33060200A", "",
                             "-330602001", "330602001.5", "3306020010"})
        EXPECT_FALSE(read_code(text, township)) << text;
    EXPECT_TRUE(read_code("330600", {}));
    EXPECT_TRUE(read_code("330602001201", {}));
    EXPECT_FALSE(read_code("3306", {}));
}

TEST(Written, Coordinates) {
    EXPECT_EQ(read_coordinate("120.5")->value, 120.5);
    EXPECT_NEAR(read_coordinate("120°34′56.4″")->value, 120 + 34 / 60.0 + 56.4 / 3600, 1e-12);
    EXPECT_NEAR(read_coordinate("29度30分15秒")->value, 29 + 30 / 60.0 + 15 / 3600.0, 1e-12);
    EXPECT_NEAR(read_coordinate("29°30'")->value, 29.5, 1e-12);
    for (const char* text : {"", "120°70′", "120°34′61″", "120°34′5″6", "east", "120°-3′"})
        EXPECT_FALSE(read_coordinate(text)) << text;
}

TEST(Flag, HasWordsForYesNoAndUnknownAndNoOthers) {
    const auto value = [](const char* text) {
        const auto flag = read_flag(text);
        return !flag ? "none" : !flag->value ? "unknown" : *flag->value ? "yes" : "no";
    };
    for (const char* text :
         {"是", "有", "Y", "yes", "TRUE", "√", "1", "1.0", " 1 ", "１", "真", "已", "on"})
        EXPECT_STREQ(value(text), "yes") << text;
    for (const char* text : {"否", "无", "N", "no", "False", "×", "0", "0.0", "0 ", "没有", "off"})
        EXPECT_STREQ(value(text), "no") << text;
    for (const char* text : {"未知", "不详", "-9999", "-", "", "?", "unknown", "<Null>"})
        EXPECT_STREQ(value(text), "unknown") << text;
    for (const char* text : {"2", "0.35", "也许", "maybe", "10"})
        EXPECT_STREQ(value(text), "none") << text;
}

} // namespace
} // namespace riskmap::spec
