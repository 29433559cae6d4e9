"""What clients read of a service or layer before they ask it: which parts of the protocol it has.

Clients choose their way by these: what is not true here breaks them later.
"""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.services.geoservices.query import FACTOR, MOST, MOST_OF_TILE

VERSION = 11.1
"""The version of ArcGIS Server whose documents ours are like."""
FORMATS = "JSON, geoJSON, PBF"
"""Spelled so: esri-leaflet looks for ``geoJSON``, Esri's SDK for ``PBF``."""
UTC = {"timeZone": "UTC", "respectsDaylightSaving": False}

SERVICE: dict[str, Any] = {
    "hasVersionedData": False,
    "supportsDisconnectedEditing": False,
    "supportsRelationshipsResource": False,
    "syncEnabled": False,
    "hasStaticData": False,
    "maxRecordCount": MOST,
    "supportedQueryFormats": FORMATS,
    "capabilities": "Query",
    "allowGeometryUpdates": False,
    "allowTrueCurvesUpdates": False,
    "onlyAllowTrueCurveUpdatesByTrueCurveClients": False,
    "units": "esriDecimalDegrees",
    "dateFieldsTimeReference": UTC,
}
LAYER: dict[str, Any] = {
    "defaultVisibility": True,
    "isDataVersioned": False,
    "isDataArchived": False,
    "hasContingentValuesDefinition": False,
    "relationships": [],
    "hasAttachments": False,
    "hasStaticData": False,
    "hasMetadata": False,
    "hasM": False,
    "hasZ": False,
    "htmlPopupType": "esriServerHTMLPopupTypeAsHTMLText",
    "typeIdField": None,
    "subtypeField": None,
    "types": [],
    "templates": [],
    "globalIdField": "",
    "editFieldsInfo": None,
    "ownershipBasedAccessControlForFeatures": None,
    "syncCanReturnChanges": False,
    "allowGeometryUpdates": False,
    "allowTrueCurvesUpdates": False,
    "dateFieldsTimeReference": UTC,
    "datesInUnknownTimezone": False,
    "capabilities": "Query",
    "maxRecordCount": MOST,
    "standardMaxRecordCount": MOST,
    "standardMaxRecordCountNoGeometry": MOST,
    "tileMaxRecordCount": MOST_OF_TILE,
    "maxRecordCountFactor": FACTOR,
    "supportedQueryFormats": FORMATS,
    "supportsPagination": True,
    "supportsStatistics": True,
    "supportsAdvancedQueries": True,
    "supportsCoordinatesQuantization": True,
    "supportsRollbackOnFailureParameter": False,
    "supportsApplyEditsWithGlobalIds": False,
    "supportsAttachmentsByUploadId": False,
    "supportsAttachmentsResizing": False,
    "supportsAppend": False,
    "supportsCalculate": False,
    "supportsAsyncCalculate": False,
    "supportsTruncate": False,
    "supportsValidateSql": False,
    "useStandardizedQueries": True,
    "advancedQueryCapabilities": {
        "useStandardizedQueries": True,
        "supportsStatistics": True,
        "supportsPercentileStatistics": False,
        "supportsHavingClause": True,
        "supportsOrderBy": True,
        "supportsDistinct": True,
        "supportsCountDistinct": True,
        "supportsPagination": True,
        "supportsPaginationOnAggregatedQueries": True,
        "supportsTrueCurve": False,
        "supportsReturningQueryExtent": True,
        "supportsQueryWithDistance": True,
        "supportsQueryWithResultType": True,
        "supportsMaxRecordCountFactor": True,
        "supportsReturningGeometryCentroid": False,
        "supportsReturningGeometryProperties": False,
        "supportsSqlExpression": False,
        "supportsSpatialAggregationStatistics": False,
        "supportsOutFieldSQLExpression": False,
        "supportsDefaultSR": False,
        "supportsFullTextSearch": False,
        "supportsQueryWithDatumTransformation": False,
        "supportsQueryWithLodSR": False,
        "supportsQueryWithCacheHint": True,
        "supportsQueryAttachments": False,
        "supportsQueryRelated": False,
        "supportsQueryRelatedPagination": False,
        "supportsTopFeaturesQuery": False,
        "supportsQueryBins": False,
        "supportsCurrentUserQueries": False,
    },
}
