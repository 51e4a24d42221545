// SPDX-License-Identifier: MIT
#include <riskmap/spec/account.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace riskmap::spec {

namespace {

constexpr std::size_t most_ids = 5;

std::string list_of(const std::vector<std::string>& words, std::uint64_t all, Language language) {
    const char* between = language == Language::zh ? "、" : ", ";
    return fmt::format("{}{}", fmt::join(words, between),
                       all > words.size() ? (language == Language::zh ? "等" : ", ...") : "");
}

/// The parts of one field's account that are not plain.
std::vector<std::string> told(const FieldAccount& field, Language language) {
    const bool zh = language == Language::zh;
    std::vector<std::string> parts;
    const auto name = field.column.empty() || field.column == field.field
                          ? field.field
                          : fmt::format("{} ({})", field.field, field.column);
    if (!field.rivals.empty())
        parts.push_back(zh ? fmt::format("{} 取“{}”列，未取：{}", field.field, field.column,
                                         fmt::join(field.rivals, "、"))
                           : fmt::format("{} is column '{}', not {}", field.field, field.column,
                                         fmt::join(field.rivals, ", ")));
    if (field.factor != 1)
        parts.push_back(zh ? fmt::format("{} 乘以 {:g} 化为 {}", name, field.factor, field.unit)
                           : fmt::format("{} times {:g} is in {}", name, field.factor, field.unit));
    if (field.defaulted > 0 && !field.by_rule)
        parts.push_back(
            zh ? fmt::format("{} {} 个没有值，取 {}", name, field.defaulted, field.taken)
               : fmt::format("{}: {} without a value, {} taken", name, field.defaulted,
                             field.taken));
    if (field.unknown > 0 && field.matters)
        parts.push_back(zh ? fmt::format("{} {} 个未知", name, field.unknown)
                           : fmt::format("{}: {} unknown", name, field.unknown));
    if (field.converted > 0 && !field.examples.empty())
        parts.push_back(zh ? fmt::format("{} {} 个值按电子表格的日期序号读（如 {}）", name,
                                         field.converted, fmt::join(field.examples, "、"))
                           : fmt::format("{}: {} values were read as days of a spreadsheet ({})",
                                         name, field.converted, fmt::join(field.examples, ", ")));
    return parts;
}

std::string told(const Dropped& dropped, Language language) {
    const bool zh = language == Language::zh;
    auto text = zh ? fmt::format("略去 {} 个（{}）：{}", dropped.rows, dropped.reason.zh,
                                 list_of(dropped.ids, dropped.rows, language))
                   : fmt::format("{} left out ({}): {}", dropped.rows, dropped.reason.en,
                                 list_of(dropped.ids, dropped.rows, language));
    if (dropped.people > 0)
        text += zh ? fmt::format("，共 {:.0f} 人", dropped.people)
                   : fmt::format(", {:.0f} people", dropped.people);
    return text;
}

/// Columns that no field is called and nobody has asked for; a default or a field without a column
/// may only mean that a head was not understood.
std::vector<std::string> not_understood(const Account& account) {
    constexpr std::array<std::string_view, 14> of_programs{
        "fid",        "ogc_fid",    "objectid", "gid",  "id",      "shape_leng", "shape_length",
        "shape_area", "shape_le_1", "geom",     "name", "name_en", "备注",       "remark"};
    std::vector<std::string> columns;
    for (const auto& column : account.unused) {
        const bool asked =
            std::any_of(account.fields.begin(), account.fields.end(),
                        [&](const FieldAccount& field) { return field.column == column; });
        if (!asked && std::find(of_programs.begin(), of_programs.end(), small_letters(column)) ==
                          of_programs.end())
            columns.push_back(column);
    }
    return columns;
}

} // namespace

void Account::drop(const Words& reason, const std::string& id, double people) {
    auto found = std::find_if(dropped.begin(), dropped.end(),
                              [&](const Dropped& d) { return d.reason.en == reason.en; });
    if (found == dropped.end())
        found = dropped.insert(dropped.end(), Dropped{reason});
    ++found->rows;
    found->people += people;
    if (found->ids.size() < most_ids)
        found->ids.push_back(id);
}

void Account::remark(Words words) {
    if (std::none_of(remarks.begin(), remarks.end(),
                     [&](const Words& known) { return known.en == words.en; }))
        remarks.push_back(std::move(words));
}

std::uint64_t Account::dropped_rows() const {
    std::uint64_t sum = 0;
    for (const auto& part : dropped)
        sum += part.rows;
    return sum;
}

std::string Account::line(Language language) const {
    std::vector<std::string> parts;
    bool defaulted = false;
    for (const auto& part : dropped)
        parts.push_back(told(part, language));
    for (const auto& field : fields) {
        for (auto& part : told(field, language))
            parts.push_back(std::move(part));
        defaulted = defaulted || (field.column.empty() && field.defaulted > 0 && !field.by_rule);
    }
    for (const auto& remark : remarks)
        parts.push_back(remark.in(language));
    if (auto columns = not_understood(*this); !columns.empty() && (defaulted || told_unused)) {
        constexpr std::size_t most = 8;
        const auto all = columns.size();
        columns.resize(std::min(all, most));
        parts.push_back((language == Language::zh ? "未识别的列：" : "columns not understood: ") +
                        list_of(columns, all, language));
    }
    if (parts.empty())
        return {};
    const char* between = language == Language::zh ? "；" : "; ";
    return fmt::format("{}: {}", label, fmt::join(parts, between));
}

std::string accounts_json(std::span<const Account> accounts, Language language) {
    using Json = nlohmann::ordered_json;
    auto list = Json::array();
    for (const auto& account : accounts) {
        Json json{{"layer", account.label},
                  {"spec", account.spec},
                  {"form", account.form},
                  {"crs", account.crs}};
        if (account.band > 0)
            json["band"] = account.band;
        else
            json["rows"] = account.rows;
        for (const auto& field : account.fields) {
            Json entry{{"field", field.field}, {"column", field.column}};
            if (!field.unit.empty())
                entry["unit"] = field.unit;
            if (field.factor != 1)
                entry["factor"] = field.factor;
            entry["read"] = field.read;
            entry["converted"] = field.converted;
            entry["defaulted"] = field.defaulted;
            entry["unknown"] = field.unknown;
            entry["dropped"] = account.dropped_rows();
            if (!field.taken.empty())
                entry["taken"] = field.taken;
            if (!field.rivals.empty())
                entry["rivals"] = field.rivals;
            json["fields"].push_back(std::move(entry));
        }
        for (const auto& part : account.dropped)
            json["dropped"].push_back({{"reason", part.reason.in(language)},
                                       {"rows", part.rows},
                                       {"people", part.people},
                                       {"ids", part.ids}});
        if (!account.unused.empty())
            json["unused"] = account.unused;
        for (const auto& remark : account.remarks)
            json["remarks"].push_back(remark.in(language));
        json["told"] = account.line(language);
        list.push_back(std::move(json));
    }
    return list.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace riskmap::spec
