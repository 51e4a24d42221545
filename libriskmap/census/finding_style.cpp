// SPDX-License-Identifier: MIT
#include "finding_style.hpp"

#include <array>

#include <fmt/format.h>

namespace riskmap::census {

namespace {

std::string option(const char* name, const std::string& value) {
    return fmt::format(R"(<Option type="QString" name="{}" value="{}"/>)", name, value);
}

} // namespace

const char* colour_of(Severity severity) {
    switch (severity) {
    case Severity::error:
        return "#b2182b";
    case Severity::warning:
        return "#e08214";
    case Severity::note:
        return "#878787";
    }
    return "#878787";
}

std::string finding_qml(bool areas, Language language) {
    std::string categories;
    std::string symbols;
    int index = 0;
    for (const auto severity : {Severity::error, Severity::warning, Severity::note}) {
        categories += fmt::format(
            R"(<category type="string" value="{}" label="{}" symbol="{}" render="true"/>)",
            name_of(severity), escape_xml(words_of(severity).in(language)), index);
        symbols += fmt::format(
            R"(<symbol type="{}" name="{}" alpha="1" clip_to_extent="1" force_rhr="0">)"
            R"(<layer class="{}" enabled="1" locked="0" pass="0"><Option type="Map">{}</Option>)"
            R"(</layer></symbol>)",
            areas ? "fill" : "marker", index++, areas ? "SimpleFill" : "SimpleMarker",
            option("color", colour_of(severity)) +
                (areas ? option("outline_color", colour_of(severity)) + option("style", "dense4")
                       : option("name", "circle") + option("size", "2.2") +
                             option("outline_color", "#ffffff")));
    }
    return fmt::format(
        R"(<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>)"
        R"(<qgis version="3.22.0" styleCategories="Symbology"><renderer-v2 type="categorizedSymbol" )"
        R"(attr="severity" symbollevels="0" enableorderby="0" forceraster="0">)"
        R"(<categories>{}</categories><symbols>{}</symbols></renderer-v2></qgis>)",
        categories, symbols);
}

} // namespace riskmap::census
