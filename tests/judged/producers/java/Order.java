import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** What to sign, with which key, where on the first page, and whether to certify. */
record Order(
        Path in,
        Path pkcs12,
        char[] phrase,
        PrivateKey key,
        Certificate[] chain,
        String field,
        boolean prepared,
        float[] rectangle,
        int permission,
        String timestamps,
        Path anchor) {

    /** In place of a rectangle: the field is there and waits for its signature. */
    static final String PREPARED = "prepared";

    static Order of(String[] words) throws IOException, GeneralSecurityException {
        Path pkcs12 = Path.of(words[4]);
        char[] phrase = words[5].toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pkcs12)) {
            store.load(in, phrase);
        }
        String alias = store.aliases().nextElement();
        boolean prepared = words[7].equals(PREPARED);
        float[] rectangle = null;
        if (!words[7].isEmpty() && !prepared) {
            String[] numbers = words[7].split(" ");
            rectangle = new float[4];
            for (int i = 0; i < 4; i++) {
                rectangle[i] = Float.parseFloat(numbers[i]);
            }
        }
        return new Order(
                Path.of(words[2]),
                pkcs12,
                phrase,
                (PrivateKey) store.getKey(alias, phrase),
                store.getCertificateChain(alias),
                words[6],
                prepared,
                rectangle,
                Integer.parseInt(words[8]),
                words[9],
                words[10].isEmpty() ? null : Path.of(words[10]));
    }

    /** Whether the signature shall last: with time-stamps and validation data (PAdES baseline LTA). */
    boolean lasting() {
        return !timestamps.isEmpty();
    }

    boolean visible() {
        return rectangle != null;
    }

    float width() {
        return rectangle[2] - rectangle[0];
    }

    float height() {
        return rectangle[3] - rectangle[1];
    }

    /** The picture of a signature: a frame and a stroke. */
    byte[] picture() throws IOException {
        BufferedImage image = new BufferedImage(180, 90, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 180, 90);
        graphics.setColor(Color.BLUE);
        graphics.drawRect(2, 2, 175, 85);
        graphics.drawLine(20, 60, 160, 30);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    /** A CMS signature by Bouncy Castle, for the libraries that leave it to their users (RFC 5652). */
    byte[] cms(byte[] content)
            throws GeneralSecurityException, CMSException, OperatorCreationException, IOException {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                        .build(
                                new JcaContentSignerBuilder("SHA256withRSA").build(key),
                                (X509Certificate) chain[0]));
        List<Certificate> certificates = Arrays.asList(chain);
        generator.addCertificates(new JcaCertStore(certificates));
        return generator.generate(new CMSProcessableByteArray(content), false).getEncoded();
    }
}
