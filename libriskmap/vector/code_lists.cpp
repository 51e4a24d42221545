// SPDX-License-Identifier: MIT
#include "code_lists.hpp"

#include <memory>
#include <string_view>

#include <cpl_minixml.h>
#include <fmt/format.h>

#include <riskmap/core/text.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::vector {

namespace {

CodeList domain_named(GDALDatasetH dataset, const char* name) {
    CodeList words;
    if (name == nullptr || *name == '\0')
        return words;
    const gdal::Messages unheard;
    const OGRFieldDomainH domain = GDALDatasetGetFieldDomain(dataset, name);
    if (domain == nullptr || OGR_FldDomain_GetDomainType(domain) != OFDT_CODED)
        return words;
    const auto* value = OGR_CodedFldDomain_GetEnumeration(domain);
    for (; value != nullptr && value->pszCode != nullptr; ++value)
        if (value->pszValue != nullptr)
            words[value->pszCode] = to_utf8(value->pszValue);
    return words;
}

using Xml = std::unique_ptr<CPLXMLNode, decltype(&CPLDestroyXMLNode)>;

/// The layer as its geodatabase describes it.
Xml description_of(GDALDatasetH dataset, OGRLayerH layer) {
    Xml none{nullptr, &CPLDestroyXMLNode};
    if (std::string_view{GDALGetDriverShortName(GDALGetDatasetDriver(dataset))} != "OpenFileGDB")
        return none;
    const gdal::Messages unheard; // a layer without a description has no subtypes
    const auto question = fmt::format("GetLayerDefinition {}", OGR_L_GetName(layer));
    const OGRLayerH answer = GDALDatasetExecuteSQL(dataset, question.c_str(), nullptr, nullptr);
    if (answer == nullptr)
        return none;
    std::string text;
    OGR_L_ResetReading(answer);
    if (const OGRFeatureH row = OGR_L_GetNextFeature(answer)) {
        text = OGR_F_GetFieldAsString(row, 0);
        OGR_F_Destroy(row);
    }
    GDALDatasetReleaseResultSet(dataset, answer);
    Xml xml{CPLParseXMLString(text.c_str()), &CPLDestroyXMLNode};
    if (xml)
        CPLStripXMLNamespace(xml.get(), nullptr, TRUE);
    return xml;
}

} // namespace

CodeLists::CodeLists(GDALDatasetH dataset, OGRLayerH layer) {
    const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    for (int f = 0; f < OGR_FD_GetFieldCount(definition); ++f) {
        Lists lists;
        lists.own =
            domain_named(dataset, OGR_Fld_GetDomainName(OGR_FD_GetFieldDefn(definition, f)));
        lists.any = !lists.own.empty();
        m_lists.push_back(std::move(lists));
    }
    add_subtypes(dataset, layer);
}

void CodeLists::add_subtypes(GDALDatasetH dataset, OGRLayerH layer) {
    const auto xml = description_of(dataset, layer);
    if (!xml)
        return;
    // The declaration comes before what it describes.
    const CPLXMLNode* root = xml.get();
    while (root != nullptr && CPLGetXMLNode(root, "Subtypes") == nullptr)
        root = root->psNext;
    if (root == nullptr)
        return;
    const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    // Names that the database itself gives, of its own fields.
    const auto field_named = [&](std::string_view name) {
        for (int f = 0; f < OGR_FD_GetFieldCount(definition); ++f)
            if (name == OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, f)))
                return f;
        return -1;
    };
    m_subtype_field = field_named(CPLGetXMLValue(root, "SubtypeFieldName", ""));
    if (m_subtype_field < 0)
        return;
    auto& kinds = m_lists[static_cast<std::size_t>(m_subtype_field)];
    const CPLXMLNode* subtype = CPLGetXMLNode(root, "Subtypes")->psChild;
    for (; subtype != nullptr; subtype = subtype->psNext) {
        if (subtype->eType != CXT_Element)
            continue;
        const std::string code = CPLGetXMLValue(subtype, "SubtypeCode", "");
        const std::string name = CPLGetXMLValue(subtype, "SubtypeName", "");
        if (code.empty() || name.empty())
            continue;
        kinds.own[code] = name;
        kinds.any = true;
        const CPLXMLNode* infos = CPLGetXMLNode(subtype, "FieldInfos");
        const CPLXMLNode* info = infos == nullptr ? nullptr : infos->psChild;
        for (; info != nullptr; info = info->psNext) {
            const int field = field_named(CPLGetXMLValue(info, "FieldName", ""));
            if (info->eType != CXT_Element || field < 0 || field == m_subtype_field)
                continue;
            auto words = domain_named(dataset, CPLGetXMLValue(info, "DomainName", ""));
            auto& lists = m_lists[static_cast<std::size_t>(field)];
            lists.any = lists.any || !words.empty();
            if (!words.empty())
                lists.by_subtype[code] = std::move(words);
        }
    }
}

std::string CodeLists::word(OGRFeatureH feature, std::size_t field) const {
    const auto& lists = m_lists[field];
    const auto* words = &lists.own;
    if (!lists.by_subtype.empty())
        if (const auto found =
                lists.by_subtype.find(OGR_F_GetFieldAsString(feature, m_subtype_field));
            found != lists.by_subtype.end())
            words = &found->second;
    std::string code = OGR_F_GetFieldAsString(feature, static_cast<int>(field));
    const auto word = words->find(code);
    return word == words->end() ? code : word->second;
}

} // namespace riskmap::vector
