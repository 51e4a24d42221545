// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include <riskmap/core/file.hpp>

#include "numbers.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_rows = 20; ///< of townships and sites that a table names

/// Numbers of a JSON value in a list: "0.03, 0.08".
std::string listed(const Json& numbers) {
    std::string text;
    for (const auto& number : numbers)
        text += (text.empty() ? "" : ", ") +
                (number.is_number() ? short_number(number.get<double>()) : number.dump());
    return text;
}

/// Methods in Chinese; in English their names speak for themselves.
const std::map<std::string, std::string>& method_words() {
    static const std::map<std::string, std::string> words{
        {"product", "乘积"},
        {"geometric-mean", "几何平均"},
        {"sum", "算术平均"},
        {"weighted-sum", "加权求和"},
        {"max", "取最大值"},
        {"geometric", "加权几何平均"},
        {"any", "至少发生一种"},
        {"matrix", "等级矩阵"},
        {"natural-breaks", "自然断点法"},
        {"quantile", "分位数法"},
        {"equal-interval", "等间距法"},
        {"std-dev", "标准差法"},
        {"head-tail", "首尾分割法"},
        {"given", "给定权重"},
        {"equal", "等权"},
        {"ahp", "层次分析法"},
        {"entropy", "熵权法"},
        {"critic", "CRITIC法"},
        {"loss-share", "按历史损失占比"},
        {"skater", "最小生成树剪枝（SKATER）"},
        {"redcap-average", "REDCAP（平均连接）"},
        {"redcap-complete", "REDCAP（全连接）"},
        {"azp", "自动分区（AZP）"},
        {"max-p", "最大分区数（max-p）"},
    };
    return words;
}

class Report {
  public:
    Report(const RunFolder& run, const SheetChoice& choice)
        : m_run{run}, m_choice{choice}, m_parameters{run.parameters()}, m_steps{run.steps()} {}

    Document make() {
        m_document.title = words(m_run.title()) + word("报告", ": report");
        m_document.language = m_choice.language;
        std::string below = m_run.record().program;
        for (const auto& text : {m_run.setting("maker"), m_run.setting("date")})
            if (!text.empty())
                below += " · " + text;
        m_document.subtitle = below;
        summary();
        inputs();
        methods();
        levels();
        zones();
        forest();
        shelters();
        uncertainty();
        findings();
        provenance();
        return std::move(m_document);
    }

  private:
    [[nodiscard]] std::string word(const char* zh, const char* en) const {
        return m_choice.language == Language::zh ? zh : en;
    }
    [[nodiscard]] std::string words(const Words& both) const { return both.in(m_choice.language); }
    /// The name of a method, in words.
    [[nodiscard]] std::string method(const Json& rules, const char* key) const {
        const auto name = rules.value(key, std::string{});
        const auto found = method_words().find(name);
        return m_choice.language == Language::en || found == method_words().end() ? name
                                                                                  : found->second;
    }

    void heading(const char* zh, const char* en, int level = 1) {
        m_document.blocks.emplace_back(Heading{level, word(zh, en)});
    }
    void text(const std::string& words) {
        if (!words.empty())
            m_document.blocks.emplace_back(Paragraph{words});
    }
    void table(const std::string& caption, std::vector<TableColumn> columns,
               std::vector<std::vector<TableCell>> rows) {
        if (!rows.empty())
            m_document.blocks.emplace_back(
                DocumentTable{caption, std::move(columns), std::move(rows)});
    }
    void map(const RunArea& area, const std::string& product) {
        for (const auto& sheet : sheets_of(m_run, area))
            if (sheet.product == product)
                m_document.blocks.emplace_back(MapPage{make_sheet(m_run, area, product, m_choice)});
    }
    [[nodiscard]] const Json* step(const std::string& id) const {
        const auto found = m_steps.find(id);
        return found == m_steps.end() ? nullptr : &*found;
    }
    void summary() {
        heading("一、概要", "1 Summary");
        for (const auto* city : m_run.cities()) {
            const auto& units = m_run.units(*city);
            const double area = numbers_of(units.own, "area_km2")[0];
            const double people = numbers_of(units.own, m_run.people_field())[0];
            std::string line =
                fmt::format("{}: {} km², {} {}, {} {}", city->name, grouped(area),
                            units.counties.features.size(), word("个县（区、市）", "counties"),
                            units.townships.features.size(), word("个乡镇（街道）", "townships"));
            if (!std::isnan(people))
                line += fmt::format(", {} {}", words(m_run.people_title()), grouped(people));
            text(line + ".");
        }
        const auto unanswered = [&](const Json& facts, const std::string& what) {
            if (!facts.value("feasible", true))
                text(fmt::format("{}: {} ({}).", what, word("无可行方案", "no feasible answer"),
                                 facts.value("message", std::string{})));
            return !facts.value("feasible", true);
        };
        if (const auto* cameras = step("cameras");
            cameras != nullptr &&
            !unanswered(*cameras, word("林区视频监控选址", "Plan of cameras")))
            text(fmt::format("{}: {} → {} ({} {}).",
                             word("林区视频监控覆盖率", "Forest seen by cameras"),
                             percent(cameras->value("share_before", NAN), 2),
                             percent(cameras->value("share_after", NAN), 2),
                             word("新增摄像头", "new cameras"), cameras->value("new_sites", 0)));
        if (const auto* shelters = step("shelters");
            shelters != nullptr && !unanswered(*shelters, word("避难场所选址", "Plan of shelters")))
            text(fmt::format("{}: {} → {} ({} {}).",
                             word("避难场所服务人口占比", "People within reach of a shelter"),
                             percent(shelters->value("share_before", NAN), 2),
                             percent(shelters->value("share_after", NAN), 2),
                             word("新增避难场所", "new shelters"),
                             shelters->value("new_sites", 0)));
        if (const auto* towns = step("key townships"))
            text(fmt::format("{}: {}.", word("森林防火重点乡镇", "Key forest-fire townships"),
                             towns->value("key_townships", 0)));
        text(m_run.record().project.notes);
        if (const auto modelled = m_run.modelled_layers(); !modelled.empty())
            text(word("以下数据为模拟数据：", "These layers are modelled, not observed: ") +
                 modelled + ".");
    }

    void inputs() {
        heading("二、数据", "2 What went in");
        std::vector<std::vector<TableCell>> rows;
        const auto add = [&](const std::string& id, const std::string& title, bool modelled) {
            for (const auto& [name, facts] : m_steps.items()) {
                if (name != "stack " + id && !name.starts_with("stack " + id + "-"))
                    continue;
                rows.push_back({{title},
                                {facts.value("file", std::string{})},
                                {facts.value("crs", std::string{})},
                                {facts.value("cells", std::string{})},
                                {facts.value("rule", std::string{})},
                                {percent(facts.value("share_without_data", NAN), 2)},
                                {modelled ? word("模拟", "modelled") : ""}});
            }
        };
        for (const auto& hazard : m_run.record().hazards)
            add("hazard-" + hazard.id, words(hazard.title), hazard.modelled);
        for (const auto& exposure : m_run.record().exposures)
            add("exposure-" + exposure.id, words(exposure.title), exposure.modelled);
        add("height", word("高程", "heights"), false);
        table(word("图层与对齐方式", "Layers, and how they were brought onto the grid"),
              {{word("图层", "layer")},
               {word("文件", "file")},
               {"CRS"},
               {word("像元", "cells")},
               {word("对齐", "rule")},
               {word("缺数据", "no data"), true},
               {""}},
              rows);
        const auto& grid = m_run.record().grid;
        text(fmt::format("{}: {}, {} m, {} × {}.", word("统一格网", "The grid"), grid.crs,
                         short_number(grid.cell_size), grid.columns, grid.rows));
    }

    void methods() {
        heading("三、方法与参数", "3 Methods and parameters");
        const auto* risk = step("risk");
        if (risk == nullptr)
            return;
        text(word("危险性和承灾体各自归一化到 0–1；单灾种风险由危险性、承灾体和脆弱性合成（形式：",
                  "Hazards and exposures are each brought to 0..1; the risk of one hazard is made "
                  "of hazard, exposure and vulnerability (form: ") +
             method(m_parameters.at("risk"), "form") +
             word("），各灾种按权重合成（方法：",
                  "), hazards are combined with their weights (by ") +
             method(m_parameters.at("risk"), "combination") + word("）。", ")."));
        std::vector<std::vector<TableCell>> rows;
        const auto add = [&](const std::vector<RunLayer>& layers, const char* weights) {
            for (const auto& layer : layers)
                rows.push_back({{words(layer.title)},
                                {risk->at("scales").value(layer.id, std::string{})},
                                {percent(risk->at(weights).value(layer.id, NAN), 1)}});
        };
        add(m_run.record().hazards, "hazard_weights");
        add(m_run.record().exposures, "exposure_weights");
        table(word("归一化与权重", "Scales and weights"),
              {{word("图层", "layer")}, {word("归一化", "scale")}, {word("权重", "weight"), true}},
              rows);
        const auto& weights = m_parameters.at("weights");
        text(word("灾种权重方法：", "Weights of hazards: ") + method(weights, "hazards") + ".");
        const auto& level_rules = m_parameters.at("levels");
        if (const auto* breaks = step("levels"))
            text(fmt::format("{}: {} ({}: {}).", word("等级划分", "Levels are cut by"),
                             method(level_rules, "method"), word("各级上限", "upper bounds"),
                             listed(breaks->at("breaks"))));
        const auto& zoning = m_parameters.at("zoning");
        text(fmt::format("{}: {}.", word("风险区划方法", "Risk zones are made by"),
                         method(zoning, "method")));
        if (const auto* found = step("zones"))
            for (const auto& quality : found->at("quality"))
                text(fmt::format("{} {}: {} {}, {} {}, Geodetector q = {} (F = {}, p = {:.2g}).",
                                 word("城市", "City"), quality.value("city", std::string{}),
                                 quality.value("zones", 0), word("个区", "zones"),
                                 word("区间离差占比", "between-zone share"),
                                 percent(number(quality, "between_share"), 1),
                                 short_number(number(quality, "q")),
                                 short_number(number(quality, "f")), number(quality, "p_value")));
        std::string matrix;
        for (const auto& row : m_parameters.at("prevention").at("matrix"))
            matrix += (matrix.empty() ? "" : " / ") + row.get<std::string>();
        text(word("防治分区矩阵（风险由高到低，每行减灾能力由弱到强；K 重点，S 次重点，G 一般）：",
                  "Matrix of prevention (rows: risk from high to low; columns: capacity from weak "
                  "to strong; K key, S secondary, G general): ") +
             matrix + ".");
    }
    static double number(const Json& json, const char* key) {
        const auto found = json.find(key);
        return found == json.end() || !found->is_number() ? NAN : found->get<double>();
    }

    void levels() {
        heading("四、综合风险", "4 Composite risk");
        const auto& style = atlas::style("risk", m_choice.palette);
        for (const auto* city : m_run.cities()) {
            const auto& units = m_run.units(*city);
            std::vector<TableColumn> columns{{word("地区", "area")}};
            for (const auto& c : style.classes)
                columns.push_back({words(c.words), true});
            columns.push_back({word("等级", "level")});
            for (const auto& [caption, field] :
                 {std::pair{word("各等级面积占比", "Share of area in each level"), "area_share_"},
                  std::pair{word("各等级人口占比", "Share of people in each level"),
                            "people_share_"}}) {
                std::vector<std::vector<TableCell>> rows;
                for (const auto* layer : {&units.own, &units.counties}) {
                    const auto name = texts_of(*layer, "name");
                    const auto level = texts_of(*layer, "level_word");
                    for (std::size_t i = 0; i < name.size(); ++i) {
                        std::vector<TableCell> row{{name[i]}};
                        for (const auto& c : style.classes)
                            row.push_back({percent(
                                numbers_of(*layer, field + std::to_string(c.value))[i], 1)});
                        row.push_back({level[i]});
                        rows.push_back(std::move(row));
                    }
                }
                table(city->name + word("：", ": ") + caption, columns, rows);
            }
            top_townships(*city, units);
            map(*city, "risk_level");
        }
    }
    void top_townships(const RunArea& city, const RunUnits& units) {
        const auto risk = numbers_of(units.townships, "risk_weighted");
        const auto name = texts_of(units.townships, "name");
        const auto county = texts_of(units.townships, "county");
        const auto county_names = names_by_code(units.counties);
        const auto level = texts_of(units.townships, "level_word");
        const auto dominant = texts_of(units.townships, "dominant");
        const auto people = numbers_of(units.townships, m_run.people_field());
        std::vector<std::size_t> order(risk.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::erase_if(order, [&](std::size_t i) { return std::isnan(risk[i]); });
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return risk[a] > risk[b]; });
        order.resize(std::min(order.size(), most_rows));
        std::vector<std::vector<TableCell>> rows;
        for (const auto i : order)
            rows.push_back({{name[i]},
                            {named(county[i], county_names)},
                            {short_number(risk[i])},
                            {level[i]},
                            {dominant[i]},
                            {grouped(people[i])}});
        table(city.name + word("：风险最高的乡镇", ": townships with the highest risk"),
              {{word("乡镇", "township")},
               {word("所属", "part of")},
               {word("风险指数", "index"), true},
               {word("等级", "level")},
               {word("主导灾害", "dominant hazards")},
               {words(m_run.people_title()), true}},
              rows);
    }

    void zones() {
        heading("五、风险区划与防治区划", "5 Risk zones and prevention zones");
        for (const auto* city : m_run.cities()) {
            const auto& zones = m_run.layer(m_run.product(*city, "risk_zones.gpkg"), "risk_zones");
            const auto code = texts_of(zones, "code");
            const auto name =
                texts_of(zones, m_choice.language == Language::zh ? "name" : "name_en");
            const auto area = numbers_of(zones, "area_km2");
            const auto people = numbers_of(zones, "people");
            const auto units = numbers_of(zones, "units");
            std::vector<std::vector<TableCell>> rows;
            for (std::size_t i = 0; i < code.size(); ++i)
                rows.push_back({{code[i]},
                                {name[i]},
                                {grouped(units[i])},
                                {grouped(area[i])},
                                {grouped(people[i])}});
            table(city->name + word("：风险区", ": risk zones"),
                  {{word("代码", "code")},
                   {word("名称", "name")},
                   {word("乡镇数", "units"), true},
                   {"km²", true},
                   {words(m_run.people_title()), true}},
                  rows);
            map(*city, "risk_zones");
            prevention(*city);
            map(*city, "prevention_zones");
        }
    }
    void prevention(const RunArea& city) {
        const auto& townships = m_run.units(city).townships;
        const auto& style = atlas::style("prevention");
        auto sums =
            sums_by_class(townships, "prevention", {"area_km2", m_run.people_field()}, style);
        std::vector<std::vector<TableCell>> rows;
        for (const auto& c : style.classes) {
            const auto& sum = sums[c.value];
            rows.push_back({{words(c.words)},
                            {grouped(sum.count)},
                            {grouped(sum.amounts[0])},
                            {grouped(sum.amounts[1])}});
        }
        table(city.name + word("：防治分区", ": prevention zones"),
              {{word("分区", "zone")},
               {word("乡镇数", "townships"), true},
               {"km²", true},
               {words(m_run.people_title()), true}},
              rows);
    }

    /// Shares before and after a plan, by county.
    void plan_shares(const fs::path& file, const std::string& caption,
                     const std::vector<std::pair<std::string, std::string>>& amounts) {
        const auto& counties = m_run.layer(file, "counties");
        const auto unit = texts_of(counties, "unit");
        const auto before = numbers_of(counties, "share_before");
        const auto after = numbers_of(counties, "share");
        std::vector<TableColumn> columns{{word("县（区、市）", "county")}};
        for (const auto& [field, title] : amounts)
            columns.push_back({title, true});
        columns.push_back({word("现状", "today"), true});
        columns.push_back({word("规划", "as planned"), true});
        std::vector<std::vector<TableCell>> rows;
        for (std::size_t i = 0; i < unit.size(); ++i) {
            std::vector<TableCell> row{{unit[i]}};
            for (const auto& [field, title] : amounts)
                row.push_back({grouped(numbers_of(counties, field)[i], 0)});
            row.push_back({percent(before[i], 1)});
            row.push_back({percent(after[i], 1)});
            rows.push_back(std::move(row));
        }
        table(caption, columns, rows);
    }
    void curve(const char* file) {
        if (const auto svg = m_run.city_product(file))
            m_document.blocks.emplace_back(CurvePicture{read_file(*svg)});
    }
    void city_maps(std::initializer_list<const char*> products) {
        if (const auto cities = m_run.cities(); cities.size() == 1)
            for (const auto* product : products)
                map(*cities[0], product);
    }

    void forest() {
        const auto plan = m_run.city_product("camera_plan.gpkg");
        if (!plan)
            return;
        heading("六、林区视频监控与森林防火", "6 Cameras and forest fire");
        const auto& cameras = m_steps.at("cameras");
        text(fmt::format("{}: {} km². {}: {}.", word("林地面积", "Forest"),
                         grouped(cameras.value("forest_area_m2", NAN) / 1e6),
                         word("与最优方案的差距不超过", "The plan is from the best one at most"),
                         percent(cameras.value("gap", NAN), 2)));
        plan_shares(*plan, word("林区视频监控覆盖率", "Share of the forest that cameras see"),
                    {{"forest_km2", word("林地 km²", "forest km²")}});
        curve("camera_plan_curve.svg");
        city_maps({"cameras_seen", "camera_plan"});
        if (const auto file = m_run.city_product("key_townships.gpkg")) {
            const auto& towns = m_run.layer(*file, "key_townships");
            const auto key = numbers_of(towns, "key");
            const auto unit = texts_of(towns, "unit");
            const auto index = numbers_of(towns, "index");
            const auto forest_km2 = numbers_of(towns, "forest_km2");
            const auto fires = numbers_of(towns, "fires");
            const auto unseen = numbers_of(towns, "unseen_km2");
            std::vector<std::vector<TableCell>> rows;
            for (std::size_t i = 0; i < unit.size(); ++i)
                if (key[i] == 1)
                    rows.push_back({{unit[i]},
                                    {short_number(index[i])},
                                    {grouped(forest_km2[i], 1)},
                                    {grouped(fires[i])},
                                    {grouped(unseen[i], 1)}});
            table(word("森林防火重点乡镇", "Key forest-fire townships"),
                  {{word("乡镇", "township")},
                   {word("指数", "index"), true},
                   {word("林地 km²", "forest km²"), true},
                   {word("火灾次数", "fires"), true},
                   {word("未覆盖 km²", "unseen km²"), true}},
                  rows);
            city_maps({"key_townships"});
        }
        city_maps({"water_plan"});
    }

    void shelters() {
        const auto plan = m_run.city_product("shelter_plan.gpkg");
        if (!plan)
            return;
        heading("七、避难场所", "7 Shelters");
        const auto& facts = m_steps.at("shelters");
        text(fmt::format("{} {}: {}; {}: {}.", word("路程限值", "Limit"),
                         m_parameters.at("shelter").value("limit", std::string{}),
                         percent(facts.value("share_before", NAN), 2) + " → " +
                             percent(facts.value("share_after", NAN), 2),
                         word("与最优方案的差距不超过", "the plan is from the best one at most"),
                         percent(facts.value("gap", NAN), 2)));
        plan_shares(*plan, word("避难场所服务人口占比", "Share of people within reach"),
                    {{"people", word("人口", "people")}});
        curve("shelter_plan_curve.svg");
        const auto& sites = m_run.layer(*plan, "sites");
        std::vector<std::vector<TableCell>> rows;
        for (std::size_t i = 0; i < std::min(sites.features.size(), most_rows); ++i)
            rows.push_back({{grouped(numbers_of(sites, "rank")[i])},
                            {texts_of(sites, "id")[i]},
                            {grouped(numbers_of(sites, "gain")[i])},
                            {texts_of(sites, "reason")[i]}});
        table(word("首批新增避难场所", "The first of the new shelters"),
              {{word("序", "rank"), true},
               {word("编号", "id")},
               {word("新增人口", "people gained"), true},
               {word("理由", "reason")}},
              rows);
        city_maps({"shelters_today", "shelter_plan", "shelter_reach"});
        if (const auto* cut = step("isolation"))
            text(fmt::format("{}: {} {}, {} {}.", word("断路后孤立", "Cut off once roads close"),
                             grouped(cut->value("settlements_cut_off", NAN)),
                             word("个村落", "settlements"),
                             grouped(cut->value("people_cut_off", NAN)), word("人", "people")));
        city_maps({"isolation"});
    }

    void uncertainty() {
        const auto* facts = step("uncertainty");
        if (facts == nullptr)
            return;
        heading("八、不确定性", "8 How sure");
        text(fmt::format(
            "{} {} {}; {} {}.", word("蒙特卡洛抽样", "Monte Carlo,"), facts->value("draws", 0),
            word("次（权重、归一化断点和图层误差）", "draws of weights, breakpoints and layers"),
            word("乡镇等级正确的平均概率",
                 "the level of a township is right with a mean probability of"),
            percent(number(*facts, "mean_unit_certainty"), 1)));
        std::vector<std::vector<TableCell>> rows;
        for (const auto& factor : facts->value("sobol", Json::array()))
            rows.push_back({{words({factor.value("title", std::string{}),
                                    factor.value("title_en", std::string{})})},
                            {short_number(number(factor, "first"))},
                            {short_number(number(factor, "total"))}});
        table(word("敏感性（Sobol 指数）", "What the spread comes from (Sobol indices)"),
              {{word("因素", "factor")},
               {word("一阶", "first order"), true},
               {word("总效应", "total"), true}},
              rows);
        for (const auto* city : m_run.cities())
            map(*city, "level_certainty");
    }

    /// What each layer was understood to hold, once for all steps that read it the same way.
    void accounts() {
        std::vector<std::vector<std::string>> seen;
        std::vector<std::vector<TableCell>> rows;
        for (const auto& [step_name, facts] : m_steps.items()) {
            if (!facts.is_object() || !facts.contains("accounts"))
                continue;
            for (const auto& account : facts.at("accounts")) {
                auto row = account_row(account);
                if (std::find(seen.begin(), seen.end(), row) != seen.end())
                    continue;
                auto& cells = rows.emplace_back();
                for (const auto& text : row)
                    cells.push_back({text});
                seen.push_back(std::move(row));
            }
        }
        if (rows.empty())
            return;
        table(word("读入的图层", "Layers as they were read"),
              {{word("图层", "layer")},
               {word("坐标系", "CRS")},
               {word("要素", "features"), true},
               {word("读出的值", "values read"), true},
               {word("取默认值", "defaulted"), true},
               {word("未知", "unknown"), true},
               {word("略去的要素", "left out"), true},
               {word("说明", "to know")}},
              rows);
    }

    [[nodiscard]] static std::vector<std::string> account_row(const Json& account) {
        const auto sum_of = [&](const char* key) {
            double sum = 0;
            for (const auto& field : account.value("fields", Json::array()))
                // Of a field that the layer does not have nothing was asked.
                if (std::string_view{key} != "unknown" ||
                    !field.value("column", std::string{}).empty())
                    sum += field.value(key, 0.0);
            return grouped(sum);
        };
        double dropped = 0;
        for (const auto& part : account.value("dropped", Json::array()))
            dropped += part.value("rows", 0.0);
        const auto label = account.value("layer", std::string{});
        auto told = account.value("told", std::string{});
        if (told.starts_with(label + ": "))
            told = told.substr(label.size() + 2);
        const bool raster = account.contains("band");
        return {label,
                account.value("crs", std::string{}),
                raster ? "" : grouped(account.value("rows", 0.0)),
                raster ? "" : sum_of("read"),
                raster ? "" : sum_of("defaulted"),
                raster ? "" : sum_of("unknown"),
                raster ? "" : grouped(dropped),
                told};
    }

    void findings() {
        heading("九、数据质量", "9 Quality of the data");
        accounts();
        const auto* facts = step("check");
        if (facts == nullptr) {
            text(word("本次运行前未检查图层。", "Layers were not checked before this run."));
        } else {
            text(fmt::format("{} {}, {} {}.", word("错误", "Errors:"), facts->value("errors", 0),
                             word("警告", "warnings:"), facts->value("warnings", 0)));
            for (const auto& accepted : facts->value("accepted", Json::array()))
                text(word("项目接受：", "Accepted by the project: ") + accepted.get<std::string>());
        }
        const auto file = m_run.path() / "check" / "findings.json";
        if (!fs::is_regular_file(file))
            return;
        const auto json = Json::parse(read_file(file), nullptr, false);
        if (json.is_discarded() || !json.contains("findings"))
            return;
        std::map<std::pair<std::string, std::string>, int> counts;
        for (const auto& finding : json.at("findings"))
            ++counts[{finding.value("layer", std::string{}), finding.value("rule", std::string{})}];
        std::vector<std::vector<TableCell>> rows;
        for (const auto& [key, count] : counts)
            rows.push_back({{key.first}, {key.second}, {grouped(count)}});
        table(word("发现", "Findings"),
              {{word("图层", "layer")}, {word("规则", "rule")}, {word("数量", "number"), true}},
              rows);
    }

    void provenance() {
        heading("十、来源", "10 Provenance");
        const auto& record = m_run.record();
        text(fmt::format("{}; {} {}, SHA-256 {}.", record.program, word("项目文件", "project file"),
                         record.project.file, record.project.sha256));
        for (const auto& warning : record.warnings)
            text(word("提示：", "Note: ") + warning);
        std::vector<std::vector<TableCell>> rows;
        for (const auto& [file, sha256] : record.inputs)
            rows.push_back({{file}, {sha256}});
        table(word("输入文件", "Input files"), {{word("文件", "file")}, {"SHA-256"}}, rows);
    }

    const RunFolder& m_run;
    SheetChoice m_choice;
    const Json& m_parameters;
    const Json& m_steps;
    Document m_document;
};

} // namespace

Document report_of(const RunFolder& run, const SheetChoice& choice) {
    return Report{run, choice}.make();
}

Document index_of(const RunFolder& run, const std::vector<SheetRecord>& sheets,
                  const std::vector<std::string>& formats, Language language) {
    const bool zh = language == Language::zh;
    Document document;
    document.title = run.title().in(language) + (zh ? "图册目录" : ": index of sheets");
    document.subtitle = run.record().program;
    document.language = language;
    DocumentTable table;
    table.columns = {{zh ? "图号" : "no.", true},
                     {zh ? "地区" : "area"},
                     {zh ? "图名" : "sheet"},
                     {zh ? "比例尺" : "scale", true}};
    for (const auto& format : formats)
        table.columns.push_back({format});
    for (const auto& sheet : sheets) {
        std::vector<TableCell> row{{std::to_string(table.rows.size() + 1)},
                                   {sheet.area},
                                   {sheet.title},
                                   {"1:" + grouped(sheet.plan.scale)}};
        for (const auto& format : formats)
            row.push_back({format, sheet.file + "." + format});
        table.rows.push_back(std::move(row));
    }
    document.blocks.emplace_back(std::move(table));
    return document;
}

} // namespace riskmap::atlas
