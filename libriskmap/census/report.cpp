// SPDX-License-Identifier: MIT
#include <riskmap/census/report.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include <riskmap/core/file.hpp>

#include "finding_style.hpp"

namespace riskmap::census {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<Severity, 3> severities{Severity::error, Severity::warning, Severity::note};

Json json_of(const Finding& finding, Language language) {
    const auto& row = rule(finding.rule);
    Json json{{"rule", row.name},
              {"severity", name_of(row.severity)},
              {"layer", finding.layer},
              {"feature", finding.fid ? Json(*finding.fid) : Json(nullptr)},
              {"what", row.title.in(language)}};
    if (!finding.field.empty())
        json["field"] = finding.field;
    if (!finding.value.empty())
        json["value"] = finding.value;
    if (!finding.detail.in(language).empty())
        json["detail"] = finding.detail.in(language);
    if (finding.place)
        json["place"] = {std::round(finding.place->x * 1e7) / 1e7,
                         std::round(finding.place->y * 1e7) / 1e7};
    json["mend"] = row.mend.in(language);
    return json;
}

std::vector<vector::Field> finding_fields() {
    using enum vector::FieldType;
    return {{"rule", text},  {"severity", text}, {"layer", text}, {"feature", integer},
            {"field", text}, {"value", text},    {"what", text},  {"detail", text},
            {"lon", real},   {"lat", real},      {"mend", text}};
}

vector::Feature feature_of(const Finding& finding, Language language) {
    const auto& row = rule(finding.rule);
    const auto number = [](std::optional<double> value) -> vector::Value {
        if (!value)
            return std::monostate{};
        return *value;
    };
    vector::Feature feature;
    feature.values = {std::string{row.name},
                      std::string{name_of(row.severity)},
                      finding.layer,
                      finding.fid ? vector::Value{*finding.fid} : vector::Value{},
                      finding.field,
                      finding.value,
                      row.title.in(language),
                      finding.detail.in(language),
                      number(finding.place ? std::optional{finding.place->x} : std::nullopt),
                      number(finding.place ? std::optional{finding.place->y} : std::nullopt),
                      row.mend.in(language)};
    return feature;
}

/// Degrees on a sketch of a few hundred pixels.
class SketchPlane {
  public:
    explicit SketchPlane(const Box& box)
        : m_box{box}, m_squeeze{std::cos((box.top + box.bottom) / 2 * 0.017453292519943295)} {
        const double width_degrees = std::max((box.right - box.left) * m_squeeze, 1e-6);
        const double height_degrees = std::max(box.top - box.bottom, 1e-6);
        m_scale = std::min(720 / width_degrees, 480 / height_degrees);
        width = width_degrees * m_scale;
        height = height_degrees * m_scale;
    }
    [[nodiscard]] Point of(Point p) const {
        return {(p.x - m_box.left) * m_squeeze * m_scale, (m_box.top - p.y) * m_scale};
    }
    double width = 0;
    double height = 0;

  private:
    Box m_box;
    double m_squeeze;
    double m_scale = 1;
};

/// The outline of the area, vertices nearer than half a pixel left out.
std::string area_path(const MultiPolygon& area, const SketchPlane& plane) {
    std::string path;
    for (const auto& polygon : area) {
        Point last{-9, -9};
        for (const auto p : polygon.outer) {
            const Point here = plane.of(p);
            if (std::hypot(here.x - last.x, here.y - last.y) < 0.5)
                continue;
            path += fmt::format("{}{:.1f} {:.1f}", last.x == -9 ? "M" : "L", here.x, here.y);
            last = here;
        }
        path += "Z";
    }
    return fmt::format(R"(<path d="{}"/>)", path);
}

/// A picture of where the findings are, as SVG; errors on top.
std::string sketch(const CheckReport& report) {
    const auto placed = [](const Finding& finding) {
        return finding.place && std::isfinite(finding.place->x + finding.place->y);
    };
    Box box = bounds(report.area);
    for (const auto& finding : report.findings.kept())
        if (placed(finding))
            box.add(*finding.place);
    if (box.empty())
        return {};
    const SketchPlane plane{box};
    std::string out = fmt::format(
        R"(<svg viewBox="-10 -10 {0:.0f} {1:.0f}" width="{0:.0f}" role="img" aria-label="map">)",
        plane.width + 20, plane.height + 20);
    out += area_path(report.area, plane);
    for (const auto severity : {Severity::note, Severity::warning, Severity::error})
        for (const auto& finding : report.findings.kept()) {
            if (!placed(finding) || rule(finding.rule).severity != severity)
                continue;
            const Point p = plane.of(*finding.place);
            out += fmt::format(
                R"(<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.5"><title>{}</title></circle>)",
                name_of(severity), p.x, p.y,
                escape_xml(finding.layer + " " + rule(finding.rule).name));
        }
    return out + "</svg>\n";
}

constexpr const char* page_style =
    "body{font:15px/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2em auto;"
    "max-width:75em;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:1em 0}"
    "td,th{border-bottom:1px solid #ddd;padding:.3em .6em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#f4f4f4;position:sticky;top:0}"
    ".error{color:#b2182b;fill:#b2182b}.warning{color:#b35806;fill:#e08214}"
    ".note{color:#4d4d4d;fill:#878787}svg{background:#f7f7f7;max-width:100%;height:auto}"
    "path{fill:#fff;stroke:#bbb;stroke-width:.7}"
    "details{margin:.6em 0}summary{cursor:pointer;font-weight:600}";

std::string table_of(const std::vector<std::string>& heads,
                     const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> columns; // those that say something
    for (std::size_t c = 0; c < heads.size(); ++c)
        if (std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return !row[c].empty(); }))
            columns.push_back(c);
    std::string out = "<table><thead><tr>";
    for (const auto c : columns)
        out += "<th>" + escape_xml(heads[c]) + "</th>";
    out += "</tr></thead><tbody>\n";
    for (const auto& row : rows) {
        out += "<tr>";
        for (const auto c : columns)
            out += "<td>" + escape_xml(row[c]) + "</td>";
        out += "</tr>\n";
    }
    return out + "</tbody></table>\n";
}

/// Adds a word to a list of at most a few, once.
void list(std::string& words, std::size_t& count, const std::string& word) {
    constexpr std::size_t most = 10;
    if (word.empty() || count > most)
        return;
    if (++count > most)
        words += ", ...";
    else
        words += (words.empty() ? "" : ", ") + word;
}

/// The findings of one rule: those of a layer that say the same of a column are one, with all
/// places.
std::vector<std::vector<std::string>> grouped(const CheckReport& report, RuleId rule,
                                              Language language, std::size_t& shown) {
    struct Group {
        const Finding* first = nullptr;
        std::size_t times = 0;
        std::string features, values, places;
        std::size_t feature_count = 0, value_count = 0, place_count = 0;
        std::set<std::string> known_values;
    };
    std::vector<Group> groups;
    std::map<std::tuple<std::string, std::string, std::string>, std::size_t> index;
    for (const auto& finding : report.findings.kept()) {
        if (finding.rule != rule)
            continue;
        ++shown;
        const auto [at, added] = index.emplace(
            std::tuple{finding.layer, finding.field, finding.detail.in(language)}, groups.size());
        if (added)
            groups.emplace_back().first = &finding;
        auto& group = groups[at->second];
        ++group.times;
        list(group.features, group.feature_count,
             finding.fid ? fmt::format("{}", *finding.fid) : std::string{});
        if (group.known_values.insert(finding.value).second)
            list(group.values, group.value_count, finding.value);
        list(group.places, group.place_count,
             finding.place ? fmt::format("{:.6f} {:.6f}", finding.place->x, finding.place->y)
                           : std::string{});
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& group : groups)
        rows.push_back({group.first->layer,
                        group.times > 1 ? fmt::format("{}", group.times) : std::string{},
                        group.features, group.first->field, group.values,
                        group.first->detail.in(language), group.places});
    return rows;
}

/// The findings of one rule, folded.
std::string rule_part(const CheckReport& report, const Rule& row, Language language) {
    const bool zh = language == Language::zh;
    std::size_t shown = 0;
    const auto rows = grouped(report, row.id, language, shown);
    if (rows.empty())
        return {};
    const auto n = report.findings.count(row.id);
    return fmt::format(
        "<details{}><summary><span class=\"{}\">{}</span> {} <code>{}</code> "
        "({})</summary>\n<p>{} {}</p>\n{}</details>\n",
        row.severity == Severity::error ? " open" : "", name_of(row.severity),
        escape_xml(words_of(row.severity).in(language)), escape_xml(row.title.in(language)),
        row.name,
        n == shown ? fmt::format("{}", n)
        : zh       ? fmt::format("{}，列出 {}", n, shown)
                   : fmt::format("{}, {} shown", n, shown),
        escape_xml(row.reason.in(language)), escape_xml(row.mend.in(language)),
        table_of(zh ? std::vector<std::string>{"图层", "处数", "要素", "字段", "值", "说明", "位置"}
                    : std::vector<std::string>{"layer", "times", "feature", "field", "value",
                                               "detail", "place"},
                 rows));
}

} // namespace

std::string check_json(const CheckReport& report, Language language) {
    Json json;
    for (const auto severity : severities)
        json["counts"][name_of(severity)] = report.findings.count(severity);
    json["layers"] = Json::array();
    for (const auto& layer : report.layers)
        json["layers"].push_back({{"layer", layer.label},
                                  {"spec", layer.spec},
                                  {"format", layer.form},
                                  {"crs", layer.crs},
                                  {"encoding", layer.encoding},
                                  {"features", layer.features}});
    json["left_out"] = Json::array();
    for (const auto& left : report.left_out)
        json["left_out"].push_back({{"file", left.file}, {"why", left.why.in(language)}});
    json["rules"] = Json::object();
    for (const auto& row : rules())
        if (const auto n = report.findings.count(row.id); n > 0)
            json["rules"][row.name] = n;
    json["accepted"] = report.accepted;
    json["findings"] = Json::array();
    for (const auto& finding : report.findings.kept())
        json["findings"].push_back(json_of(finding, language));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

vector::Layer finding_points(const CheckReport& report, Language language) {
    vector::Layer layer{"findings", Crs::wgs84(), finding_fields(), {}};
    for (const auto& finding : report.findings.kept()) {
        layer.features.push_back(feature_of(finding, language));
        if (finding.place && std::isfinite(finding.place->x + finding.place->y))
            layer.features.back().shape.points = {*finding.place};
    }
    return layer;
}

vector::Layer finding_areas(const CheckReport& report, Language language) {
    vector::Layer layer{"finding_areas", Crs::wgs84(), finding_fields(), {}};
    for (const auto& finding : report.findings.kept())
        if (!finding.shape.empty()) {
            layer.features.push_back(feature_of(finding, language));
            layer.features.back().shape.polygons = finding.shape;
        }
    return layer;
}

std::string check_page(const CheckReport& report, Language language) {
    const bool zh = language == Language::zh;
    std::string out =
        fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>"
                    "<style>{}</style></head><body>\n<h1>{}</h1>\n<p>",
                    zh ? "zh-CN" : "en", zh ? "图层检查" : "Check of layers", page_style,
                    zh ? "图层检查" : "Check of layers");
    for (const auto severity : severities)
        out += fmt::format("<b class=\"{}\">{} {}</b>&emsp;", name_of(severity),
                           escape_xml(words_of(severity).in(language)),
                           report.findings.count(severity));
    out += "</p>\n" + sketch(report);
    for (const auto severity : severities)
        for (const auto& row : rules())
            if (row.severity == severity)
                out += rule_part(report, row, language);
    for (const auto& line : report.accepted)
        out += fmt::format("<p>{} <code>{}</code></p>\n", zh ? "已接受" : "accepted",
                           escape_xml(line));
    std::vector<std::vector<std::string>> rows;
    for (const auto& layer : report.layers)
        rows.push_back({layer.label, layer.spec, layer.form, layer.crs, layer.encoding,
                        fmt::format("{}", layer.features)});
    out += fmt::format("<h2>{}</h2>\n", zh ? "检查的图层" : "Layers checked");
    out += table_of(
        zh ? std::vector<std::string>{"图层", "规范", "格式", "坐标系", "编码", "要素或像元数"}
           : std::vector<std::string>{"layer", "specification", "format", "CRS", "encoding",
                                      "features or cells"},
        rows);
    if (report.left_out.empty())
        return out + "</body></html>\n";
    rows.clear();
    for (const auto& left : report.left_out)
        rows.push_back({left.file, left.why.in(language)});
    out += fmt::format("<h2>{}</h2>\n", zh ? "未使用的文件" : "Files that are not used");
    out += table_of(zh ? std::vector<std::string>{"文件", "原因"}
                       : std::vector<std::string>{"file", "reason"},
                    rows);
    return out + "</body></html>\n";
}

void write_check(const std::filesystem::path& folder, const CheckReport& report,
                 Language language) {
    write_file(folder / "findings.json", check_json(report, language));
    const auto points = finding_points(report, language);
    const auto areas = finding_areas(report, language);
    vector::write_csv(folder / "findings.csv", points);
    std::vector<vector::Product> products{
        {&points, vector::LayerStyle{"severity", finding_qml(false, language)}}};
    if (!areas.features.empty())
        products.push_back({&areas, vector::LayerStyle{"severity", finding_qml(true, language)}});
    vector::write_geopackage(folder / "findings.gpkg", products);
    write_file(folder / "findings.html", check_page(report, language));
}

} // namespace riskmap::census
