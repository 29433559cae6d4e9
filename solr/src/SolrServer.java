import java.net.InetSocketAddress;
import java.util.EnumSet;
import javax.servlet.DispatcherType;
import org.apache.solr.servlet.CoreContainerProvider;
import org.apache.solr.servlet.SolrDispatchFilter;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.DefaultServlet;
import org.eclipse.jetty.servlet.ServletContextHandler;

/** Solr in a Jetty of our own: SolrServer HOST PORT, with the home in -Dsolr.solr.home. */
public final class SolrServer {
    private SolrServer() {}

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        Server server = new Server(address);
        ServletContextHandler solr = new ServletContextHandler(server, "/solr");
        solr.addEventListener(new CoreContainerProvider());
        solr.addFilter(SolrDispatchFilter.class, "/*", EnumSet.of(DispatcherType.REQUEST));
        solr.addServlet(DefaultServlet.class, "/");
        server.setStopAtShutdown(true);
        server.start();
        server.join();
    }
}
