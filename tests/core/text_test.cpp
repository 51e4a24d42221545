// SPDX-License-Identifier: MIT
#include <riskmap/core/text.hpp>

#include "support.hpp"

namespace riskmap {
namespace {

TEST(Text, KnowsUtf8FromWhatOnlyLooksLikeIt) {
    EXPECT_TRUE(is_utf8("绍兴市"));
    EXPECT_TRUE(is_utf8(""));
    EXPECT_FALSE(is_utf8("\xC9\xDC\xD0\xCB")); // 绍兴 in GBK
    EXPECT_FALSE(is_utf8("\xC0\xAF"));         // overlong '/'
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));     // a surrogate
    EXPECT_FALSE(is_utf8("\xF5\x80\x80\x80")); // beyond U+10FFFF
    EXPECT_FALSE(is_utf8("\xE7\xBB"));         // cut short
}

TEST(Text, ReadsGbkAndGb18030) {
    EXPECT_EQ(to_utf8("\xC9\xDC\xD0\xCB\xCA\xD0"), "绍兴市");
    EXPECT_EQ(to_utf8("\x95\x32\x82\x36"), "\xF0\xA0\x80\x80"); // U+20000, four bytes in GB18030
    EXPECT_EQ(to_utf8("绍兴市"), "绍兴市");
    EXPECT_EQ(to_utf8("a\xFF"), "a\xEF\xBF\xBD");
}

TEST(Text, TakesWholeNumbersTextsOnly) {
    EXPECT_EQ(parse_number(" -1.5e3 "), -1500);
    EXPECT_EQ(parse_number("+2"), 2);
    EXPECT_FALSE(parse_number("12 m"));
    EXPECT_FALSE(parse_number("nan"));
    EXPECT_FALSE(parse_number("inf"));
    EXPECT_FALSE(parse_number("1e999"));
    EXPECT_FALSE(parse_number(""));
}

TEST(Text, FindsTheNearestName) {
    const std::vector<std::string> names{"cell_size", "extent", "crs"};
    EXPECT_EQ(nearest_name("cel_size", names), "cell_size");
    EXPECT_EQ(nearest_name("crz", names), "crs");
    EXPECT_FALSE(nearest_name("population", names));
}

TEST(Text, SplitsALayerAsWrittenOnTheCommandLine) {
    const auto layer = parse_layer_text("/my data/a b.gpkg:roads weight=2 normalise=linear:0:3");
    EXPECT_EQ(layer.file, "/my data/a b.gpkg");
    EXPECT_EQ(layer.layer, "roads");
    ASSERT_EQ(layer.words.size(), 2U);
    EXPECT_EQ(layer.words[1].first, "normalise");
    EXPECT_EQ(layer.words[1].second, "linear:0:3");
    constexpr std::array<std::string_view, 1> flags{"invert"};
    EXPECT_EQ(parse_layer_text("x.tif invert", flags).words.at(0).first, "invert");
    EXPECT_EQ(parse_layer_text("x.tif invert", flags).file, "x.tif");
}

TEST(Text, EscapesForXmlAndFileNames) {
    EXPECT_EQ(escape_xml("<a href=\"x\">'&\x01</a>"),
              "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&lt;/a&gt;");
    EXPECT_EQ(safe_file_name("../../etc/passwd"), "etc-passwd");
    EXPECT_EQ(safe_file_name("越城区"), "越城区");
    EXPECT_EQ(safe_file_name(" .. "), "unnamed");
}

TEST(Text, WordsFallBackToTheOtherLanguage) {
    EXPECT_EQ((Words{"高", "high"}.in(Language::zh)), "高");
    EXPECT_EQ((Words{"高", "high"}.in(Language::en)), "high");
    EXPECT_EQ((Words{"", "high"}.in(Language::zh)), "high");
    EXPECT_EQ((Words{"高", ""}.in(Language::en)), "高");
}

TEST(Text, FullWidthBecomesHalfWidth) {
    EXPECT_EQ(half_width("ＡＢｃ１２３，．－（％）　x"), "ABc123,.-(%) x");
    EXPECT_EQ(half_width("绍兴—万"), "绍兴—万");
    EXPECT_EQ(half_width("\xEF\xBC"), "\xEF\xBC"); // cut short
    EXPECT_EQ(half_width("ｶ"), "ｶ");               // half-width kana is no ASCII
}

TEST(Text, DecodesFromANamedEncoding) {
    EXPECT_EQ(decoded("\xC9\xDC\xD0\xCB", "GB18030"), "绍兴");
    EXPECT_EQ(decoded("绍兴", "UTF-8"), "绍兴");
    EXPECT_EQ(decoded("a\xFF", "UTF-8"), "a\xEF\xBF\xBD");
    EXPECT_EQ(decoded("\xE9", "ISO-8859-1"), "é");
    test::expect_error(ErrorKind::input, "KLINGON", [] { (void)decoded("x", "KLINGON"); });
}

TEST(Text, NamesOfFilesHoldNothingThatAShellOrASystemReads) {
    EXPECT_EQ(safe_file_name("a$b`c&d;e%f|g<h>i\"j'k/l\\m:n*o?p"),
              "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p");
    EXPECT_EQ(safe_file_name("..--x"), "x");
    EXPECT_EQ(safe_file_name("越 城\n区"), "越-城-区");
    std::string longest{"a"};
    for (int i = 0; i < 60; ++i)
        longest += "绍";
    const auto cut = safe_file_name(longest);
    EXPECT_LE(cut.size(), 120U);
    EXPECT_GT(cut.size(), 115U);
    EXPECT_TRUE(is_utf8(cut));
}

TEST(Text, SwappedLettersAreOneMistake) {
    const std::vector<std::string> names{"grid", "areas"};
    EXPECT_EQ(nearest_name("gird", names), "grid");
    EXPECT_EQ(nearest_name("gxyd", names), std::nullopt);
}

TEST(Text, OverlongAndBrokenUtf8IsNone) {
    for (const char* bytes : {"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
                              "\xF4\x90\x80\x80", "\x80", "\xE7\xBB"})
        EXPECT_FALSE(is_utf8(bytes));
    EXPECT_TRUE(is_utf8("绍兴 \xF0\x9F\x8C\x8A"));
}

} // namespace
} // namespace riskmap
