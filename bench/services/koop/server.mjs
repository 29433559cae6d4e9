// Koop with a provider that hands box and page to PostGIS, so that Koop is given no row more than it answers with.
// node server.mjs PORT DATABASE SCHEMA TABLE; the layer is /table/rest/services/FeatureServer/0.
import Koop from "@koopjs/koop-core";
import pg from "pg";

const [port, database, schema, table] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: database });
const MOST = 2000;

function question({ geometry, resultOffset, resultRecordCount }) {
  const box = typeof geometry === "string" ? geometry.split(",").map(Number) : undefined;
  const where = box?.length === 4 ? "WHERE geom && st_makeenvelope($3, $4, $5, $6, 4326)" : "";
  const page = [Math.min(Number(resultRecordCount ?? MOST), MOST), Number(resultOffset ?? 0)];
  return {
    text: `SELECT *, st_x(geom) AS "_x", st_y(geom) AS "_y" FROM "${schema}"."${table}" ${where} ORDER BY _id LIMIT $1 OFFSET $2`,
    values: where ? [...page, ...box] : page,
    name: where ? "box" : "page",
  };
}

function feature({ _x, _y, geom, ...properties }) {
  return { type: "Feature", properties, geometry: _x === null ? null : { type: "Point", coordinates: [_x, _y] } };
}

class Model {
  getData(request, callback) {
    pool.query(question({ ...request.query, ...request.body })).then(({ rows }) => {
      callback(null, {
        type: "FeatureCollection",
        features: rows.map(feature),
        metadata: { name: table, idField: "_id", geometryType: "Point", maxRecordCount: MOST },
        filtersApplied: { geometry: true, offset: true, limit: true },
      });
    }, callback);
  }
}

const koop = new Koop({ logLevel: "error" });
koop.register({ type: "provider", name: "table", version: "1.0.0", disableIdParam: true, Model });
koop.server.listen(Number(port), "127.0.0.1");
