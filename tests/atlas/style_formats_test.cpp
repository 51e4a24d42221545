// SPDX-License-Identifier: MIT
// One style, six programs: all say the same colours.
#include <cmath>
#include <map>
#include <regex>
#include <sstream>

#include <nlohmann/json.hpp>

#include <riskmap/atlas/style_formats.hpp>

#include "support.hpp"

namespace riskmap::atlas {
namespace {

using Colours = std::map<double, std::string>; ///< by class value, or value along a ramp

const StyleTarget target{"level", Language::en, 0, 2};

std::string text_of(const char* format, const Style& style) {
    for (const auto& row : style_formats())
        if (row.name == format)
            return row.write(style, target);
    ADD_FAILURE() << format;
    return {};
}

Colours expected(const Style& style) {
    Colours colours;
    for (const auto& c : style.classes)
        colours[style.kind == StyleKind::ramp ? 2.0 * c.value / 1000 : c.value] = hex(c.colour);
    return colours;
}

/// Pairs of a number and a colour, wherever `pattern` finds them.
Colours found(const std::string& text, const std::string& pattern) {
    Colours colours;
    const std::regex regex{pattern};
    for (auto at = std::sregex_iterator{text.begin(), text.end(), regex};
         at != std::sregex_iterator{}; ++at)
        colours[std::stod((*at)[1])] = (*at)[2];
    return colours;
}

Colours lines_of(const std::string& text) {
    Colours colours;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        double value = 0;
        int r = 0;
        int g = 0;
        int b = 0;
        if (words >> value >> r >> g >> b)
            colours[value] = hex({static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                                  static_cast<std::uint8_t>(b)});
    }
    return colours;
}

Colours maplibre_colours(const std::string& text, bool ramp) {
    const auto json = nlohmann::json::parse(text);
    const auto& expression = json["layers"][0]["paint"]["fill-color"];
    EXPECT_EQ(expression[0], ramp ? "interpolate" : "match");
    Colours colours;
    for (std::size_t i = ramp ? 3 : 2; i + 1 < expression.size(); i += 2)
        colours[expression[i]] = expression[i + 1];
    return colours;
}

TEST(StyleFormats, AgreeOnEveryColourOfEveryStyleAndPalette) {
    int checked = 0;
    for (const auto& name : style_names())
        for (const auto palette : palettes()) {
            const auto& s = style(name, std::string{palette});
            if (s.kind == StyleKind::symbols)
                continue;
            SCOPED_TRACE(name + " " + std::string{palette});
            const bool ramp = s.kind == StyleKind::ramp;
            const auto colours = expected(s);
            EXPECT_EQ(maplibre_colours(text_of("maplibre", s), ramp), colours);
            EXPECT_EQ(lines_of(text_of("gdaldem", s)), colours);
            EXPECT_EQ(found(text_of("mapnik", s), R"re(<stop value="([^"]+)" color="([^"]+)"/>)re"),
                      colours);
            const auto qml = text_of("qml", s);
            const auto sld = text_of("sld", s);
            if (ramp) {
                EXPECT_EQ(found(qml, R"re(<item value="([^"]+)" label="[^"]*" color="([^"]+)")re"),
                          colours);
                EXPECT_EQ(found(sld, R"re(<se:Data>([^<]+)</se:Data><se:Value>([^<]+)<)re"),
                          colours);
                EXPECT_EQ(text_of("clr", s), "");
            } else {
                EXPECT_EQ(
                    found(qml,
                          R"re(<paletteEntry value="([^"]+)" label="[^"]*" color="([^"]+)")re"),
                    colours);
                EXPECT_EQ(lines_of(text_of("clr", s)), colours);
                EXPECT_EQ(found(text_of("mapnik", s),
                                R"re(= (\d+)</Filter><PolygonSymbolizer fill="([^"]+)")re"),
                          colours);
                EXPECT_EQ(found(sld, R"re(<ogc:Literal>(\d+)</ogc:Literal>.*?)re"
                                     R"re(<se:SvgParameter name="fill">([^<]+)<)re"),
                          colours);
                Colours table;
                for (const auto& entry : class_entries(s, Language::en))
                    table[entry.value] = hex({entry.red, entry.green, entry.blue});
                EXPECT_EQ(table, colours);
            }
            ++checked;
        }
    EXPECT_GE(checked, 60);
}

TEST(StyleFormats, StopsAndThresholdsRise) { // Mapnik refuses others
    for (const auto& name : style_names()) {
        const auto& s = style(name);
        if (s.kind == StyleKind::symbols)
            continue;
        const auto xml = text_of("mapnik", s);
        double last = -1;
        for (auto at = xml.find("<stop value=\""); at != std::string::npos;
             at = xml.find("<stop value=\"", at + 1)) {
            const double value = std::stod(xml.substr(at + 13));
            EXPECT_GT(value, last) << name;
            last = value;
        }
    }
}

TEST(StyleFormats, PolygonsInQgisHaveTheColoursOfTheClasses) {
    const auto& risk = style("risk");
    const auto qml = text_of("qml", risk);
    for (std::size_t i = 0; i < risk.classes.size(); ++i) {
        const auto& c = risk.classes[i];
        EXPECT_NE(qml.find("value=\"" + std::to_string(c.value) + "\" label=\"" + c.words.en +
                           "\" symbol=\"" + std::to_string(i) + "\""),
                  std::string::npos);
        const auto symbol = qml.find("<symbol type=\"fill\" name=\"" + std::to_string(i) + "\"");
        const auto colour = std::to_string(c.colour.red) + "," + std::to_string(c.colour.green) +
                            "," + std::to_string(c.colour.blue) + ",255";
        EXPECT_EQ(qml.find("name=\"color\" value=\"", symbol) + 20, qml.find(colour, symbol));
    }
}

TEST(StyleFormats, SymbolsAreWrittenWhereTheProgramTakesThem) {
    const auto& symbols = style("symbols");
    const auto mapnik = text_of("mapnik", symbols);
    const auto sld = text_of("sld", symbols);
    const auto maplibre = nlohmann::json::parse(text_of("maplibre", symbols));
    EXPECT_EQ(maplibre["layers"].size(), symbols.symbols.size());
    for (const auto& symbol : symbols.symbols) {
        EXPECT_NE(mapnik.find(hex(symbol.colour)), std::string::npos) << symbol.name;
        EXPECT_NE(sld.find(">" + hex(symbol.colour) + "<"), std::string::npos) << symbol.name;
    }
}

/// sRGB 0..255 to linear 0..1.
double linear(std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

std::array<double, 3> lab(const std::array<double, 3>& rgb) {
    const double x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505;
    const double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    const double z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089;
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

/// Colour difference (CIE76) as people without one kind of cone see it, full strength: Machado,
/// Oliveira & Fernandes 2009, table of simulation matrices.
double difference(Colour a, Colour b, const std::array<std::array<double, 3>, 3>& seen) {
    const auto view = [&](Colour c) {
        const std::array<double, 3> rgb{linear(c.red), linear(c.green), linear(c.blue)};
        std::array<double, 3> out{};
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t k = 0; k < 3; ++k)
                out[i] += seen[i][k] * rgb[k];
        return lab(out);
    };
    const auto p = view(a);
    const auto q = view(b);
    return std::sqrt(std::pow(p[0] - q[0], 2) + std::pow(p[1] - q[1], 2) +
                     std::pow(p[2] - q[2], 2));
}

TEST(Style, NeighbouringRiskLevelsStayApartForColourBlindEyes) {
    const std::array<std::array<std::array<double, 3>, 3>, 3> kinds{{
        {{{0.152286, 1.052583, -0.204868},
          {0.114503, 0.786281, 0.099216},
          {-0.003882, -0.048116, 1.051998}}},
        {{{0.367322, 0.860646, -0.227968},
          {0.280085, 0.672501, 0.047413},
          {-0.011820, 0.042940, 0.968881}}},
        {{{1.255528, -0.076749, -0.178779},
          {-0.078411, 0.930809, 0.147602},
          {0.004733, 0.691367, 0.303900}}},
    }};
    for (const char* palette : {"standard", "safe"}) {
        const auto& classes = style("risk", palette).classes;
        for (std::size_t i = 1; i < classes.size(); ++i)
            for (const auto& kind : kinds)
                EXPECT_GT(difference(classes[i - 1].colour, classes[i].colour, kind), 15)
                    << palette << " " << classes[i].value;
    }
    // The safe palette also falls evenly in lightness, for copies in black and white.
    const auto& safe = style("risk", "safe").classes;
    for (std::size_t i = 1; i < safe.size(); ++i) {
        const auto light = [](Colour c) {
            return lab({linear(c.red), linear(c.green), linear(c.blue)})[0];
        };
        EXPECT_GT(light(safe[i].colour) - light(safe[i - 1].colour), 10);
    }
}

TEST(Style, HazardsFindTheirRamps) {
    EXPECT_EQ(hazard_style("flood_design").name, "hazard_flood");
    EXPECT_EQ(hazard_style("Forest_Fire").name, "hazard_forest_fire");
    EXPECT_EQ(hazard_style("shaking").name, "hazard_earthquake");
    EXPECT_EQ(hazard_style("locusts").name, "surface");
}

TEST(Style, RefusesWhatItDoesNotKnow) {
    test::expect_error(ErrorKind::usage, "did you mean 'prevention'",
                       [] { (void)style("preventoin"); });
    test::expect_error(ErrorKind::usage, "known: standard, green, safe",
                       [] { (void)style("risk", "pink"); });
    test::expect_error(ErrorKind::internal, "is not a colour", [] { (void)parse_colour("#12"); });
}

} // namespace
} // namespace riskmap::atlas
